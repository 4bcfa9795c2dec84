"""Measured against peers, and never a timed test: `make benchmark` runs all of it side by side."""
