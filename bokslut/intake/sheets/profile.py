"""Read a mapping profile: a small YAML file that says how the sheets of one system look. docs/profiles.md has each key.

A key or value that is not known is refused, and so is a profile that leaves an amount, an account or a period open.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from bokslut.intake.findings import RefusedError
from bokslut.intake.postings import SCENARIOS
from bokslut.intake.sheets.files import FileForm
from bokslut.intake.sheets.form import (
    CODES,
    CONSTANTS,
    DATE_FORMS,
    EMPTY_AMOUNTS,
    FIELDS,
    FREE_TEXTS,
    GOAL_FORMS,
    GOAL_STATUSES,
    GOAL_TEXTS,
    KINDS,
    LABELS,
    NEGATIVES,
    PERIOD_FORMS,
    SIGNS,
    STATUSES,
    TAKES,
    UNITS,
    AmountColumn,
    Column,
    LeftOut,
    Profile,
    Total,
)
from bokslut.intake.sheets.letters import column_letter, column_number
from bokslut.intake.sheets.profile_checks import check_profile
from bokslut.intake.sheets.strict_yaml import SEE, Reader, near

__all__ = ["AmountColumn", "Column", "LeftOut", "Profile", "Total", "read_profile"]

KEYS = (
    "profile",
    "kind",
    "file",
    "rows_above",
    "head_rows",
    "columns",
    "months",
    "amounts",
    "constants",
    "fill_down",
    "totals",
    "leave_out",
    "row_total",
    "unit",
    "decimal",
    "thousands",
    "negative",
    "sign",
    "empty_amounts",
    "spread",
    "vouchers",
    "years",
    "comparator",
)
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp437")
# a bare number can mean these; the others need more than one number
COMPARATORS = ("at_least", "at_most", "above", "below", "equal_to")


def read_profile(path: Path) -> Profile:
    """The profile in a YAML file. Raises RefusedError with all that is wrong with it: file, line, key, suggestion."""
    reader = Reader(path)
    root = reader.root()
    nodes = reader.mapping(root, "", KEYS)
    for key in ("profile", "kind", "columns"):
        if key not in nodes:
            reader.refuse(root, key, "is missing")
    if reader.findings and not {"kind", "columns"} <= set(nodes):
        raise RefusedError(reader.findings)
    kind = reader.choice(nodes["kind"], "kind", KINDS)
    profile = Profile(
        path=path,
        name=reader.text(nodes["profile"], "profile") if "profile" in nodes else "",
        kind=kind,
        file=_file(reader, nodes["file"]) if "file" in nodes else FileForm(),
        columns=_columns(reader, nodes["columns"], kind),
    )
    profile = _layout(reader, nodes, profile)
    profile = _values(reader, nodes, profile)
    if not reader.findings:
        check_profile(reader, nodes, profile)
    if reader.findings:
        raise RefusedError(sorted(reader.findings, key=lambda finding: finding.line or 0))
    return profile


def _file(reader: Reader, node: yaml.Node) -> FileForm:
    nodes = reader.mapping(node, "file", ("kind", "encoding", "delimiter", "sheet"))
    delimiter = reader.text(nodes["delimiter"], "delimiter") if "delimiter" in nodes else None
    if delimiter is not None:
        delimiter = {"tab": "\t", "semicolon": ";", "comma": ","}.get(delimiter, delimiter)
        if len(delimiter) != 1:
            reader.refuse(nodes["delimiter"], "delimiter", "expected one character, or tab", SEE, delimiter)
    return FileForm(
        kind=reader.choice(nodes["kind"], "kind", ("csv", "excel", "parquet")) if "kind" in nodes else None,
        encoding=reader.choice(nodes["encoding"], "encoding", ENCODINGS) if "encoding" in nodes else None,
        delimiter=delimiter,
        sheet=reader.text(nodes["sheet"], "sheet") if "sheet" in nodes else None,
    )


def _columns(reader: Reader, node: yaml.Node, kind: str) -> dict[str, Column]:
    nodes = reader.mapping(node, "columns", FIELDS[kind])
    return {field: _column(reader, value, field) for field, value in nodes.items()}


def _column(reader: Reader, node: yaml.Node, field: str) -> Column:
    """A heading, or a mapping with a heading or a letter. field: empty where the column is only an amount."""
    if isinstance(node, yaml.ScalarNode):
        return Column(heading=reader.text(node, field), form=_default_form(field))
    nodes = reader.mapping(node, field, ("column", "letter", "take", "form", "words"))
    if ("column" in nodes) == ("letter" in nodes):
        reader.refuse(node, field, "expected either column (a heading) or letter")
    letter = reader.text(nodes["letter"], "letter").upper() if "letter" in nodes else None
    if letter is not None and not column_number(letter):
        reader.refuse(nodes["letter"], "letter", "expected a letter such as C or AB", SEE, letter)
    column = Column(
        heading=reader.text(nodes["column"], "column") if "column" in nodes else None,
        letter=letter,
        take=reader.choice(nodes["take"], "take", TAKES) if "take" in nodes else "whole",
        form=_form(reader, nodes["form"], field) if "form" in nodes else _default_form(field),
        words=_words(reader, nodes["words"], field) if "words" in nodes else None,
    )
    if column.take != "whole" and field not in (*CODES, *LABELS, *FREE_TEXTS):
        reader.refuse(nodes["take"], "take", "only a code or a name can be taken out of a cell")
    if column.words is not None and field not in (*CODES, *LABELS, "scenario", "status"):
        reader.refuse(nodes["words"], "words", "only codes, labels, scenario and status have words")
    return column


def _default_form(field: str) -> str | None:
    return {"booked_on": "yyyy-mm-dd", "period": "yyyymm"}.get(field)


def _form(reader: Reader, node: yaml.Node, field: str) -> str:
    forms = {"period": PERIOD_FORMS, "booked_on": DATE_FORMS, **dict.fromkeys(GOAL_TEXTS, GOAL_FORMS)}.get(field)
    if forms is None:
        reader.refuse(node, "form", "only a period, a date and the values of goals have a form")
        return ""
    return reader.choice(node, "form", forms)


def _words(reader: Reader, node: yaml.Node, field: str) -> Mapping[str, str]:
    words = reader.texts(node, "words")
    meant = {"scenario": SCENARIOS, "status": (*STATUSES, *GOAL_STATUSES)}.get(field)
    for word, meaning in words.items():
        if meant and meaning not in meant:
            reader.refuse(node, f"words: {word}", f"expected {', '.join(meant)}", near(meaning, meant), meaning)
    return words


def _layout(reader: Reader, nodes: Mapping[str, yaml.Node], profile: Profile) -> Profile:
    """Where rows and columns stand: the keys that name places in the file."""
    changes: dict[str, object] = {}
    if node := nodes.get("rows_above"):
        changes["rows_above"] = reader.whole(node, "rows_above", 0, 1000)
    if node := nodes.get("head_rows"):
        changes["head_rows"] = reader.whole(node, "head_rows", 0, 2)
    if node := nodes.get("months"):
        changes["months"] = _months(reader, node)
    if node := nodes.get("amounts"):
        changes["amounts"] = tuple(_amount(reader, item, profile.kind) for item in reader.items(node, "amounts"))
    if node := nodes.get("constants"):
        changes["constants"] = _constants(reader, node, CONSTANTS[profile.kind])
    if node := nodes.get("fill_down"):
        changes["fill_down"] = reader.choices(node, "fill_down", tuple(profile.columns))
    if node := nodes.get("totals"):
        changes["totals"] = tuple(_total(reader, item, profile) for item in reader.items(node, "totals"))
    if node := nodes.get("leave_out"):
        changes["leave_out"] = tuple(_left_out(reader, item) for item in reader.items(node, "leave_out"))
    if node := nodes.get("row_total"):
        changes["row_total"] = _column(reader, node, "")
    return dataclasses.replace(profile, **changes)  # type: ignore[arg-type]


def _months(reader: Reader, node: yaml.Node) -> Mapping[int, Column]:
    """{1: Jan, 2: Feb ...}, or {from: E, to: P}: one column a month."""
    names = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    if not names & {"from", "to"}:
        nodes = reader.mapping(node, "months", tuple(str(month) for month in range(1, 14)))
        return {int(month): _column(reader, value, "") for month, value in nodes.items()}
    nodes = reader.mapping(node, "months", ("from", "to"))
    letters = {name: reader.text(value, name).upper() for name, value in nodes.items()}
    first, last = column_number(letters.get("from", "")), column_number(letters.get("to", ""))
    if not first or not last or last - first != 11:
        reader.refuse(node, "months", "expected the letters of twelve columns in a row, such as {from: C, to: N}")
        return {}
    return {month: Column(letter=column_letter(first + month - 1)) for month in range(1, 13)}


def _amount(reader: Reader, node: yaml.Node, kind: str) -> AmountColumn:
    nodes = reader.mapping(node, "amounts", ("column", "letter", "constants", "sign"))
    place = {name: value for name, value in nodes.items() if name in ("column", "letter")}
    if len(place) != 1:
        reader.refuse(node, "amounts", "expected either column (a heading) or letter")
    column = Column(
        heading=reader.text(place["column"], "column") if "column" in place else None,
        letter=reader.text(place["letter"], "letter").upper() if "letter" in place else None,
    )
    if column.letter is not None and not column_number(column.letter):
        reader.refuse(place["letter"], "letter", "expected a letter such as C or AB", SEE, column.letter)
    return AmountColumn(
        column=column,
        constants=_constants(reader, nodes["constants"], CONSTANTS[kind]) if "constants" in nodes else {},
        sign=reader.choice(nodes["sign"], "sign", SIGNS) if "sign" in nodes else None,
    )


def _constants(reader: Reader, node: yaml.Node, allowed: tuple[str, ...]) -> Mapping[str, str]:
    nodes = reader.mapping(node, "constants", allowed)
    constants = {}
    for field, value in nodes.items():
        if field == "scenario":
            constants[field] = reader.choice(value, field, SCENARIOS)
        elif field == "period":
            constants[field] = str(reader.whole(value, field, 1, 13))
        elif field == "fiscal_year":
            constants[field] = str(reader.whole(value, field, 1900, 2200))
        else:
            constants[field] = reader.text(value, field)
        if field == "booked_on" and not _is_date(constants[field]):
            reader.refuse(value, field, "expected a date such as 2024-12-31", SEE, constants[field])
    return constants


def _total(reader: Reader, node: yaml.Node, profile: Profile) -> Total:
    nodes = reader.mapping(node, "totals", ("where", "adds", "required"))
    for key in ("where", "adds"):
        if key not in nodes:
            reader.refuse(node, "totals", f"{key} is missing")
    where = _where(reader, nodes["where"], "Summa*") if "where" in nodes else {}
    adds = reader.text(nodes["adds"], "adds") if "adds" in nodes else "all"
    words = adds.split()
    if len(words) == 2 and words[0] == "same":
        if words[1] not in profile.columns:
            reader.refuse(
                nodes["adds"], "adds", "is not a field of columns", near(words[1], tuple(profile.columns)), adds
            )
    elif adds not in ("since_last", "all"):
        reader.refuse(nodes["adds"], "adds", "expected since_last, all or same and a field", SEE, adds)
    required = reader.choice(nodes["required"], "required", ("true", "false")) if "required" in nodes else "true"
    return Total(where, words[0] if words else adds, words[1] if len(words) == 2 else None, required == "true")


def _left_out(reader: Reader, node: yaml.Node) -> LeftOut:
    nodes = reader.mapping(node, "leave_out", ("where",))
    if "where" not in nodes:
        reader.refuse(node, "leave_out", "where is missing")
        return LeftOut({})
    where = _where(reader, nodes["where"], "Ingående balans*")
    if any(where.values()) and not any(pattern.strip("* ") for pattern in where.values()):
        reader.refuse(nodes["where"], "where", "would leave out any row", "name the text of the rows that are meant")
    return LeftOut(where)


def _where(reader: Reader, node: yaml.Node, example: str) -> Mapping[str, str]:
    """A field or heading -> a pattern; at least one of them looks for a text."""
    where = reader.texts(node, "where")
    if not any(where.values()):
        reader.refuse(node, "where", f"expected a pattern such as {example}")
    return where


def _values(reader: Reader, nodes: Mapping[str, yaml.Node], profile: Profile) -> Profile:
    """How values are written: the keys that hold for the whole file."""
    allowed = {
        "unit": tuple(UNITS),
        "decimal": (",", "."),
        "thousands": (".", ",", "'"),
        "sign": SIGNS,
        "empty_amounts": EMPTY_AMOUNTS,
        "vouchers": ("balance", "part"),
        "years": ("one", "several"),
        "comparator": COMPARATORS,
    }
    changes: dict[str, object] = {
        key: reader.choice(nodes[key], key, values) for key, values in allowed.items() if key in nodes
    }
    if "vouchers" not in nodes and profile.kind == "ledger" and "voucher" in profile.columns:
        changes["vouchers"] = "balance"
    if node := nodes.get("negative"):
        changes["negative"] = reader.choices(node, "negative", NEGATIVES)
    if node := nodes.get("spread"):
        changes["spread"] = reader.whole(node, "spread", 12, 12)
    return dataclasses.replace(profile, **changes)  # type: ignore[arg-type]


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))
