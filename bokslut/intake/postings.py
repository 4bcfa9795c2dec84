"""The canonical posting: what every import becomes and the warehouse reads. Its names and types stand here alone.

A test holds the source declaration of the models (models/staging/ledger/_ledger__sources.yml) to it. Nothing is read or
written here.
"""

from __future__ import annotations

import pyarrow as pa

# amounts in kronor and öre, debit positive as a ledger has them; period 1-12 is the month, 13 year-end entries
SCHEMA = pa.schema(
    [
        ("organisation_id", pa.string()),
        ("board_id", pa.string()),
        ("fiscal_year", pa.int32()),
        ("period", pa.int32()),
        ("scenario", pa.string()),
        ("version", pa.string()),
        ("series", pa.string()),
        ("voucher", pa.string()),
        ("line", pa.int32()),
        ("booked_on", pa.date32()),
        ("account", pa.string()),
        ("ansvar", pa.string()),
        ("activity", pa.string()),
        ("project", pa.string()),
        ("motpart", pa.string()),
        ("amount", pa.decimal128(18, 2)),
        ("text", pa.string()),
    ]
)
# what a reader of files gives: the posting without its owner, and where in the file it stood (line from 1)
READ_SCHEMA = pa.schema(
    [field for field in SCHEMA if field.name not in ("organisation_id", "board_id")] + [("source_line", pa.int64())]
)
SCENARIOS = ("actual", "budget", "forecast")
# the kinds of import that become postings, and the scenario that each is
POSTED = {"ledger": "actual", "budget": "budget", "forecast": "forecast"}
# the parts of the code string of a municipal posting that an import can carry beside the account
CODE_PARTS = ("ansvar", "activity", "project", "motpart")
