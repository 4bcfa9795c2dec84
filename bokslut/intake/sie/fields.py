"""Split one line of a SIE file into its label and fields, and read a field as a number, a date or an amount.

Source: the specification, sections 5.3-5.10: fields stand between blanks or tabs; a field may stand in quotation marks,
and must if it holds blanks; a quotation mark inside a field has a backslash in front; an object list stands in braces;
no control characters; amounts with a point and at most two decimals, dates as YYYYMMDD. The specification has no escape
for the backslash itself: only a backslash in front of a quotation mark is one. Nothing is looked up here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from bokslut.intake.sie.records import Objects
from bokslut.intake.sie.trouble import FieldError

# a field, or the fields of a list in braces
Field = str | tuple[str, ...]

LARGEST_ORE = 10**18 - 1  # decimal(18, 2)
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
TOKEN = re.compile(
    r'[ \t]*(?:"((?:[^"\\]|\\"|\\(?!"))*)"(?![^ \t{}])|((?:[^ \t"{}\\]|\\"|\\(?!"))+)(?![^ \t{}])|(\{)|(\})|(\Z))'
)
LABEL = re.compile(r"#[0-9A-ZÅÄÖ_]+\Z")
AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?\Z")


def split_fields(line: str) -> tuple[str, tuple[Field, ...]]:
    """The label and the fields of one record, without its line end. Raises FieldError where it is not one."""
    values = split_values(line)
    label = values[0] if values else ""
    if not isinstance(label, str) or not LABEL.match(label):
        raise FieldError("a record begins with # and a label in capitals", line.strip()[:40])
    return label, values[1:]


def split_values(text: str) -> tuple[Field, ...]:
    """The fields of a text, lists in braces as tuples. Raises FieldError at quotes or braces that do not close."""
    if control := CONTROL.search(text):
        raise FieldError(f"a control character (code {ord(control[0])}) stands in the line", text.strip())
    values: list[Field] = []
    inner: list[str] | None = None
    position = 0
    while True:
        token = TOKEN.match(text, position)
        if token is None:
            raise _quote_error(text[position:].lstrip(" \t"))
        position = token.end()
        quoted, bare, opens, closes, _ = token.groups()
        if quoted is not None or bare is not None:
            value = quoted if quoted is not None else bare
            if "\t" in value:
                raise FieldError("a control character (code 9) stands in a text", value)
            value = value.replace('\\"', '"')
            (values if inner is None else inner).append(value)
        elif opens:
            if inner is not None:
                raise FieldError("an object list stands in another one", text.strip())
            inner = []
        elif closes:
            if inner is None:
                raise FieldError("a brace closes what was not opened", text.strip())
            values.append(tuple(inner))
            inner = None
        elif inner is not None:
            raise FieldError("an object list is not closed; the line may be cut off", text.strip())
        else:
            return tuple(values)


def _quote_error(rest: str) -> FieldError:
    if rest.startswith('"') and not re.match(r'"(?:[^"\\]|\\"|\\(?!"))*"', rest):
        return FieldError("a quotation mark is not closed; the line may be cut off", rest)
    return FieldError("a quotation mark stands inside a field without a backslash in front", rest)


def text_at(fields: Sequence[Field], place: int, name: str) -> str:
    """The field at a place (from 0) as text. Raises FieldError where it is missing or a list."""
    if place >= len(fields):
        raise FieldError(f"the record ends before its {name}", field=name)
    value = fields[place]
    if not isinstance(value, str):
        raise FieldError(f"an object list stands where the {name} belongs", field=name)
    return value


def optional_text(fields: Sequence[Field], place: int, name: str) -> str:
    """As text_at, but empty where the record ends before."""
    return text_at(fields, place, name) if place < len(fields) else ""


def account_at(fields: Sequence[Field], place: int) -> str:
    """An account number, digits only."""
    value = text_at(fields, place, "account")
    if not value.isascii() or not value.isdigit():
        raise FieldError("an account number has digits only", value, "account")
    return value


def integer_at(fields: Sequence[Field], place: int, name: str) -> int:
    """A whole number, such as a year's number (0, -1) or a dimension's."""
    value = text_at(fields, place, name)
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise FieldError("a whole number is expected", value, name)
    return int(value)


def ore_at(fields: Sequence[Field], place: int) -> int:
    """An amount in öre. Raises FieldError for other forms than the specification's, and beyond decimal(18, 2)."""
    value = text_at(fields, place, "amount")
    return ore(value)


def ore(value: str) -> int:
    """The öre of an amount as written: a point, at most two decimals, no plus sign, exponent or thousands mark."""
    form = AMOUNT.match(value)
    if form is None:
        raise FieldError("an amount has a decimal point and at most two decimals", value, "amount")
    size = int(form[2]) * 100 + int((form[3] or "").ljust(2, "0")) if len(form[2]) < 20 else LARGEST_ORE + 1
    if size > LARGEST_ORE:
        raise FieldError("the amount is larger than decimal(18, 2) holds", value, "amount")
    return -size if form[1] else size


def date(value: str, name: str = "date") -> datetime.date:
    """A date written as YYYYMMDD."""
    if not re.fullmatch(r"[0-9]{8}", value):
        raise FieldError("a date is written as YYYYMMDD", value, name)
    try:
        return datetime.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise FieldError("there is no such day", value, name) from None


def period_at(fields: Sequence[Field], place: int) -> int:
    """A month written as YYYYMM."""
    value = text_at(fields, place, "period")
    if not re.fullmatch(r"(?!0000)[0-9]{4}(0[1-9]|1[0-2])", value):
        raise FieldError("a period is written as YYYYMM", value, "period")
    return int(value)


def objects_at(fields: Sequence[Field], place: int) -> Objects:
    """The pairs of dimension and object of an object list; an empty object number is no coding."""
    if place >= len(fields):
        raise FieldError("the record ends before its object list", field="objects")
    value = fields[place]
    if isinstance(value, str):
        raise FieldError("an object list in braces is expected, {} where there is none", value, "objects")
    return pairs(value)


def pairs(values: Sequence[Field]) -> Objects:
    """Fields as pairs of dimension number and object number, the latter without blanks around it."""
    if len(values) % 2:
        raise FieldError("an object list holds pairs of dimension and object", " ".join(map(str, values)), "objects")
    found: list[tuple[int, str]] = []
    for place in range(0, len(values), 2):
        dimension, number = integer_at(values, place, "objects"), text_at(values, place + 1, "objects").strip()
        if number:
            found.append((dimension, number))
    return tuple(found)
