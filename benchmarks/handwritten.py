"""The three variance marts by hand: one file of SQL that reads the postings and the lists, and nothing around it.

`python benchmarks/handwritten.py DATA LISTS OUT` writes OUT/<mart>.parquet. No layer, no test, no documentation: it is
what a warehouse is held against that has them. DATA holds postings/, LISTS has the shape of seeds/board.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

REFERENCE = Path("seeds/reference")


def main() -> int:
    """Run it on the folders that the arguments name."""
    data, lists, out = (Path(argument) for argument in sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(sql.format(data=data, lists=lists, reference=REFERENCE, out=out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
