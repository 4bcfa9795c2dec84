"""What the project is built from: the lock files read, audited for known vulnerabilities, and written as an SBOM.

Nothing here is part of the warehouse or of a report. docs/supply-chain.md tells how it is used.
"""
