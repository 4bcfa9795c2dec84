"""The rows below a sheet's head as the table sheet_rows, and what is wrong with their cells, all at once.

sheet_rows(line, total, stray, r_<field> ...): raw cells by field, keys filled down; total: which declared total the row
is (from 1), stray: the number of the column by which it is a total or a balance that nothing declares, 0 where no key
stands in it. sheet_left has the same columns, of the rows that the profile leaves out (left_out: by which pattern).
What values mean together is not known here; see checks.py and totals.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.sheets import values
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.form import LeftOut, Total
from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Field, Plan, where_column

# findings of one kind and column that are told one by one; the others are counted
TOLD = 500
TOTAL_WORDS = (
    r"(?i)(?:(?:del|total|slut)?summa|s:a).*|(?:total|totalt|totalen|summering)(?:[:.,].*)?"
    rf"|(?:total|totalt|totalen|summering){values.BLANK}.*|.*{values.BLANK}(?:summa|totalt)"
)
# rows between the vouchers of a general ledger; no voucher of their own
BALANCE_WORDS = (
    rf"(?i)(?:in|ut)g(?:\.|ående)?{values.BLANK}*(?:balans(?:en|er)?|saldo)(?:[^a-zåäö].*)?"
    r"|(?-i:IB|UB)(?:[^0-9A-Za-zÅÄÖåäö].*)?"
)

# a word for a total that has a code before it or beside it; a name alone may begin with total
NAMED_TOTAL = (
    rf"(?i)(?:{values.NUMBERED_CODE}{values.AFTER_CODE})?"
    r"(?:(?:(?:del|total|slut)?summa|s:a|totalt)(?:[^0-9A-Za-zÅÄÖåäö].*)?|(?:total|totalen|summering)[:.]?)"
)


def make_rows(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> tuple[int, int]:
    """Make the table sheet_rows. Gives how many rows stand below the head, and how many of them were empty."""
    profile = plan.profile
    every = [f"c{number}" for number in range(1, cells.width + 1)]
    raw = [f"c{head.places[name]} as {name}" for name in plan.wanted]
    total = "cast(null as integer)"
    if profile.totals:
        branches = [f"when {_where(plan, each)} then {number}" for number, each in enumerate(profile.totals, 1)]
        total = f"case {' '.join(branches)} end"
    left = "cast(null as integer)"
    if profile.leave_out:
        branches = [f"when {_where(plan, each)} then {number}" for number, each in enumerate(profile.leave_out, 1)]
        left = f"case {' '.join(branches)} end"
    fields = profile.fill_down
    groups = [f"{_group(plan, index)} as g_{index}" for index in range(len(fields))]
    named = [f"{_named(plan, field)} as named_{field}" for field in same_fields(plan)]
    filled = [f"{_filled(plan, index)} as r_{name}" for index, name in enumerate(fields)]
    same = [f"coalesce(named_{field}, r_{field}) as key_{field}" for field in same_fields(plan)]
    connection.execute(f"""
        create or replace temp table sheet_rows as
        with
        below as (
            select line, width, {", ".join([*raw, *every])} from cells
            where line > {head.last_line} and coalesce({", ".join([*every, "null"])}) is not null
        ),
        summed as (select *, {total} as total from below),
        marked as (select *, case when total is null then {left} end as left_out from summed),
        known as (
            select {", ".join(["*", *groups, *named])}, {_keyless(plan)} as is_keyless, {_gap(plan.keys)} as has_gap,
                {_gap([field for field in plan.keys if field.required])} as lacks_key
            from marked
        ),
        filled as (select *{f" replace ({', '.join(filled)})" if filled else ""} from known)
        select
            line, width, total, left_out,
            case when total is null then coalesce({_stray(head, plan)}, {_named_total(head, plan)}) end as stray,
            {", ".join([*plan.wanted, *same])}
        from filled
    """)
    below = _one(connection, f"select count(*) from cells where line > {head.last_line}")
    empty = below - _one(connection, "select count(*) from sheet_rows")
    connection.execute("create or replace temp table sheet_left as select * from sheet_rows where left_out is not null")
    if profile.leave_out:
        connection.execute("delete from sheet_rows where left_out is not null")
    return below, empty


def same_fields(plan: Plan) -> list[str]:
    """The fields by which a declared total says which rows it sums."""
    return list(dict.fromkeys(total.same for total in plan.profile.totals if total.same))


def check_rows(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """What is wrong with widths and cells: one finding a cell, in the order of lines and columns."""
    found: list[tuple[int, int, Finding]] = []
    if cells.kind == "csv":
        found.extend(_widths(connection, cells, head))
    # the cells of such a row stand in the wrong columns
    shifted = {line for line, _, _ in found}
    found.extend(_strays(connection, cells, head))
    asked = tests(plan)
    counts = ", ".join(f"count(*) filter (where {bad})" for _, bad, _ in asked)
    row = connection.execute(f"select {counts} from sheet_rows").fetchone() or ()
    for (raw, bad, problem), count in zip(asked, row, strict=True):
        if count:
            place = head.places[raw]
            cases = connection.execute(
                f"select line, {raw}, {problem} from sheet_rows where {bad} order by line limit {TOLD}"
            ).fetchall()
            for line, value, key in cases:
                if line not in shifted:
                    found.append((line, place, finding(cells, head, line, place, value, key)))
            if count > TOLD:
                found.append((cases[-1][0], place, _more(cells, head.title(place), count - TOLD)))
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def finding(cells: Cells, head: Head, line: int, place: int, value: str | None, key: str) -> Finding:
    """One bad cell. key: of PROBLEMS."""
    if value == values.NOT_CALCULATED:
        key, value = "not_calculated", None
    what, do = values.PROBLEMS[key]
    return Finding(
        cells.path, what, do, line, head.title(place), value.lstrip(values.MARKS) if value is not None else None
    )


def tests(plan: Plan) -> list[tuple[str, str, str]]:
    """Each column's raw cell, the SQL of its being bad, and the SQL of the problem."""
    found = []
    data = "total is null and stray is null"
    for field in plan.fields:
        bad = f"not coalesce({field.reading.ok}, false)"
        bad = f"{data} and {bad}" if field.required else f"{data} and {field.raw} is not null and {bad}"
        problem = field.reading.problem
        if field.name in plan.profile.fill_down:
            problem = f"case when {field.raw} is null then 'nothing_above' else {problem} end"
        found.append((field.raw, bad, problem))
    both = {"r_debit": "r_credit", "r_credit": "r_debit"}
    for source in plan.sources:
        empty = "stray is not null"
        if plan.profile.empty_amounts == "refused" and plan.profile.kind != "projects":
            other = f" and {both[source.raw]} is null" if source.raw in both else ""
            empty = f"not (total is null and stray is null{other})"
        elif source.raw in both:
            empty = f"{both[source.raw]} is not null or total is not null or stray is not null"
        else:
            empty = "true"
        bad = (
            f"stray is null and not case when {source.raw} is null then {empty}"
            f" else coalesce({source.reading.ok}, false) end"
        )
        found.append((source.raw, bad, source.reading.problem))
    if plan.row_total:
        bad = f"stray is null and r_row_total is not null and not coalesce({plan.row_total.ok}, false)"
        found.append(("r_row_total", bad, plan.row_total.problem))
    return found


def may_be_no_data(cell: str) -> str:
    """SQL: a cell by which its row may be a total or a balance, whatever stands beside it."""
    words = [values.matches(cell, pattern) for pattern in (TOTAL_WORDS, BALANCE_WORDS, NAMED_TOTAL)]
    # a number says nothing, and is most of what is asked; no branch of a case is run where another holds
    return f"case when {values.matches(cell, '[0-9]*')} then false else {' or '.join(words)} end"


def _widths(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head) -> list[tuple[int, int, Finding]]:
    bad = f"width <> {head.width}"
    count = _one(connection, f"select count(*) from sheet_rows where {bad}")
    rows = connection.execute(f"select line, width from sheet_rows where {bad} order by line limit {TOLD}").fetchall()
    do = "check for a delimiter inside a cell, which must be quoted, and for a row cut off"
    found = [
        (line, 0, Finding(cells.path, f"the row has {width} cells, the head has {head.width}", do, line))
        for line, width in rows
    ]
    return [*found, (rows[-1][0], 0, _more(cells, "", count - TOLD))] if count > TOLD else found


def _strays(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head) -> list[tuple[int, int, Finding]]:
    rows = connection.execute(f"""
        with strays as (
            select line, stray, list_extract([{", ".join(f"c{n}" for n in range(1, cells.width + 1))}], stray) as word
            from sheet_rows inner join cells using (line)
            where stray is not null order by line limit {TOLD}
        )
        select line, stray, word, {values.matches("word", BALANCE_WORDS)} from strays order by line
    """).fetchall()
    keyless = "nothing says what this row is about"
    do = "fill in its keys, or declare it under totals; if it is no data, name it under leave_out"
    return [
        (line, stray, finding(cells, head, line, stray, value, "balance" if is_balance else "total"))
        if stray
        else (line, 0, Finding(cells.path, keyless, do, line))
        for line, stray, value, is_balance in rows
    ]


def _more(cells: Cells, title: str, count: int) -> Finding:
    return Finding(cells.path, f"{count} more rows have the like", "correct these first", None, title or None)


def _where(plan: Plan, total: Total | LeftOut) -> str:
    """SQL: the row is such a total, or such a one to leave out."""
    tests = []
    for name, pattern in total.where.items():
        raw = where_column(plan.profile, name)
        tests.append(
            f"{raw} is null" if not pattern else values.matches(f"ltrim({raw}, '{values.MARKS}')", _glob(pattern))
        )
    return "(" + " and ".join(tests) + ")"


def _glob(pattern: str) -> str:
    """A pattern with * as a regular expression, each * a group; blanks are blanks of any kind and number."""
    parts = [f"{values.BLANK}+".join(re.escape(word) for word in re.split(r"\s+", part)) for part in pattern.split("*")]
    return "(?is)" + "(.*)".join(parts)


def _named(plan: Plan, name: str) -> str:
    """SQL: what the * of a total's pattern stands for, where its rows are the same in the field of the pattern."""
    branches = []
    for number, total in enumerate(plan.profile.totals, 1):
        pattern = total.where.get(name, "")
        if total.same == name and "*" in pattern:
            rest = f"trim(regexp_extract(r_{name}, {values.quoted(f'^{_glob(pattern)}$')}, 1))"
            branches.append(f"when total = {number} then nullif({rest}, '')")
    return f"case {' '.join(branches)} end" if branches else "cast(null as varchar)"


def _group(plan: Plan, index: int) -> str:
    """SQL: the number of the group that a field is filled down within, so that a new key above starts afresh."""
    above = [
        f"count(case when {_is_key(plan, name)} then r_{name} end) over (order by line)"
        for name in plan.profile.fill_down[:index]
    ]
    return " + ".join(above) if above else "0"


def _filled(plan: Plan, index: int) -> str:
    """SQL: the cell, or the last one above it; a total's own cell is a key only where no pattern looks at it."""
    name = plan.profile.fill_down[index]
    raw = f"r_{name}"
    last = (
        f"last_value(case when {_is_key(plan, name)} then {raw} end ignore nulls)"
        f" over (partition by g_{index} order by line)"
    )
    labels = [str(number) for number, total in enumerate(plan.profile.totals, 1) if total.where.get(name)]
    own = f"case when total in ({', '.join(labels)}) then null else {raw} end" if labels else raw
    return f"coalesce({own}, {last})"


def _is_key(plan: Plan, name: str) -> str:
    """SQL: what stands in the field is a key of the rows below; so is that of a row left out by another column."""
    labels = [str(number) for number, each in enumerate(plan.profile.leave_out, 1) if each.where.get(name)]
    return "total is null" + (f" and coalesce(left_out not in ({', '.join(labels)}), true)" if labels else "")


def _keyless(plan: Plan) -> str:
    names = [field.raw for field in plan.fields]
    return " and ".join(f"{name} is null" for name in names) if names else "false"


def _gap(keys: Sequence[Field]) -> str:
    """SQL: one of the keys is empty in the row, so that a word elsewhere in it can make it a total."""
    names = [field.raw for field in keys]
    return " or ".join(f"{name} is null" for name in names) if names else "false"


def _stray(head: Head, plan: Plan) -> str:
    keys = {head.places[field.raw] for field in plan.keys}
    money = {head.places[source.raw] for source in plan.sources}
    # a measure may well be called a total of something
    money |= {head.places[raw] for raw in ("r_measure_name",) if raw in head.places}
    told = _first(sorted(keys), TOTAL_WORDS)
    rest = [place for place in range(1, len(head.headings) + 1) if place not in keys | money]
    balance = f"case when lacks_key then {_first([*sorted(keys), *rest], BALANCE_WORDS)} end"
    return f"coalesce({told}, {balance}, case when is_keyless then 0 when has_gap then {_first(rest, TOTAL_WORDS)} end)"


def _first(places: list[int], words: str) -> str:
    """SQL: the first of these columns that holds one of the words."""
    branches = " ".join(f"when {values.matches(f'c{place}', words)} then {place}" for place in places)
    return f"case {branches} end" if places else "null"


def _named_total(head: Head, plan: Plan) -> str:
    """SQL: the first column by which a row with a code is a total: one of its keys, of its names, or not mapped.

    Texts say what they like, and so do measures. A row with a voucher is no total, whatever a column beside it says.
    """
    if plan.profile.kind == "goals":
        return "cast(null as integer)"
    keys = {head.places[field.raw] for field in plan.keys}
    text, voucher = head.places.get("r_text"), head.places.get("r_voucher")
    others = {place for place in range(1, len(head.headings) + 1) if place != text} - keys
    others -= {head.places[source.raw] for source in plan.sources}
    alone = f" and c{voucher} is null" if voucher else ""
    branches = [f"when {values.matches(f'c{place}', NAMED_TOTAL)} then {place}" for place in sorted(keys)]
    branches += [f"when {values.matches(f'c{place}', NAMED_TOTAL)}{alone} then {place}" for place in sorted(others)]
    return f"case {' '.join(branches)} end" if branches else "cast(null as integer)"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
