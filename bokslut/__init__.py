"""bokslut: an open dbt-style warehouse for Swedish municipal boards.

The package reads, shows and guards figures; it computes none. Figures are computed in SQL, in models/.
"""
