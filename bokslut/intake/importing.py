"""Import received files: read each by its kind, check its postings, write them with their records - all files or none.

The steps: what is there already is left alone; each file becomes the table postings_read in a database of its own, is
checked, and is written aside; when nothing is wrong with any of them, they take their places. No figure is computed.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb

from bokslut.intake import store
from bokslut.intake.checks import check_postings
from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.gate import check_lists
from bokslut.intake.known import Known, read_known
from bokslut.intake.lists import Change, write_lists
from bokslut.intake.personal import identity_numbers
from bokslut.intake.postings import POSTED
from bokslut.intake.publishing import Draft, publish, refuse_overlaps, told_twice, undecided_totals
from bokslut.intake.reading import How, Reading, read_file
from bokslut.intake.sheets.profile import Profile, read_profile
from bokslut.intake.sql import quoted
from bokslut.intake.store import ControlTotal
from bokslut.settings import Settings

MEMORY, THREADS = "128MB", "2"
LONGEST_NAME = 200  # bytes; a file system takes 255, and a part of a copy has a longer name
KINDS = (*POSTED, "projects", "goals")


@dataclass(frozen=True)
class Request:
    """What the user asked for. kind, version, fiscal_year and profile: None where the file or its profile says it.

    year_end_series: series of vouchers in a SIE file that are period 13.
    """

    files: tuple[Path, ...]
    organisation_id: str
    board_id: str
    settings: Settings
    kind: str | None = None
    version: str | None = None
    fiscal_year: int | None = None
    profile: Path | None = None
    year_end_series: tuple[str, ...] = ()
    replace: bool = False


@dataclass(frozen=True)
class Imported:
    """What became of one file. state: new, unchanged or replaced. totals: its record; empty for goals and projects.

    superseded: names of the imports that it took periods from. changes: what was written in lists. notes: what the
    reader wants told.
    """

    file: Path
    state: str
    totals: tuple[ControlTotal, ...] = ()
    superseded: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


def import_files(request: Request, received_at: str, step: Callable[[str], None]) -> list[Imported]:
    """Import the files into the data folder, or into the board's lists; step is told the name of each step.

    received_at: the moment to put in the records, ISO 8601 in UTC. Raises RefusedError with all that is wrong, in which
    case nothing is written, and BusyError when another import is at work.
    """
    findings = check_lists(request.settings)
    if findings:
        raise RefusedError(findings)
    known = read_known(request.settings, request.organisation_id, request.board_id)
    _refuse_owner(request, known)
    profile = read_profile(request.profile) if request.profile else None
    kind = _kind(request, profile)
    with store.locked(request.settings.data):
        if kind in POSTED:
            return _import_postings(request, known, profile, kind, received_at, step)
        return _import_lists(request, known, profile, kind, received_at, step)


def _import_postings(
    request: Request,
    known: Known,
    profile: Profile | None,
    kind: str,
    received_at: str,
    step: Callable[[str], None],
) -> list[Imported]:
    data = request.settings.data
    there = [total for total in store.records(data, request.organisation_id) if total.board_id == request.board_id]
    digests = _digests(request.files)
    same = {file: _unchanged(request, kind, digest, there) for file, digest in digests.items()}
    findings: list[Finding] = []
    drafts: list[Draft] = []
    with tempfile.TemporaryDirectory(prefix=".import-", dir=data) as aside:

        def read(files: Sequence[Path]) -> None:
            for file in files:
                step(f"{file.name}: reading")
                folder = Path(aside) / str(len(drafts))
                folder.mkdir(exist_ok=True)
                try:
                    drafts.append(_draft(request, known, profile, kind, received_at, file, digests[file], folder, step))
                except RefusedError as error:
                    findings.extend(error.findings)

        read([file for file, totals in same.items() if not totals])
        # what is there already and shares a period with a file that is not is taken in again beside it
        taken = {store.place(total) for draft in drafts for total in draft.totals}
        again = [file for file, totals in same.items() if any(store.place(total) in taken for total in totals)]
        read(again)
        findings.extend(told_twice(data, drafts, there))
        findings.extend(undecided_totals(data, drafts, there, known))
        if not request.replace:
            findings.extend(refuse_overlaps(drafts, there))
        if findings:
            raise RefusedError(findings)
        step("keeping")
        superseded = publish(data, drafts, there, received_at)
    done = [
        Imported(
            draft.file,
            "replaced" if superseded[draft.file] else "new",
            draft.totals,
            superseded[draft.file],
            notes=draft.notes,
        )
        for draft in drafts
    ]
    done.extend(Imported(file, "unchanged", totals) for file, totals in same.items() if totals and file not in again)
    order = {file: number for number, file in enumerate(request.files)}
    return sorted(done, key=lambda imported: order[imported.file])


def _import_lists(
    request: Request,
    known: Known,
    profile: Profile | None,
    kind: str,
    received_at: str,
    step: Callable[[str], None],
) -> list[Imported]:
    year = request.fiscal_year
    if year is None:
        raise RefusedError([Finding(request.files[0], "which year it is about is not known", "say --year")])
    findings: list[Finding] = []
    read: list[tuple[Path, str, list[dict[str, str | None]], tuple[str, ...]]] = []
    for file in request.files:
        step(f"{file.name}: reading")
        try:
            digest = _digest(file)
            with workspace(request.settings.data) as connection:
                reading = read_file(file, connection, _how(request, profile, kind))
                _refuse_change(file, digest)
                cursor = connection.execute("select * from records_read order by source_line")
                names = [column[0] for column in cursor.description or ()]
                rows = [
                    {name: None if value is None else str(value) for name, value in zip(names, row, strict=True)}
                    for row in cursor.fetchall()
                ]
            read.append((file, digest, rows, reading.notes))
        except RefusedError as error:
            findings.extend(error.findings)
    if findings:
        raise RefusedError(findings)
    for file, digest, _, _ in read:
        store.keep_received(request.settings.data, request.organisation_id, file, digest)
    done = []
    changed = write_lists(
        request.settings,
        known,
        (request.organisation_id, request.board_id, year),
        kind,
        [(file, rows) for file, _, rows, _ in read],
        replace=request.replace,
    )
    for file, digest, _, notes in read:
        changes = tuple(changed[file])
        state = "new" if changes else "unchanged"
        if changes:
            entry = {
                "organisation_id": request.organisation_id,
                "board_id": request.board_id,
                "import_id": store.import_id(request.board_id, kind, "", (digest, _digest_of_how(request))),
                "source_file": file.name,
                "source_sha256": digest,
            }
            store.log(request.settings.data, f"wrote {len(changes)} rows of lists", entry, received_at)
        done.append(Imported(file, state, changes=changes, notes=notes))
    return done


def _draft(
    request: Request,
    known: Known,
    profile: Profile | None,
    kind: str,
    received_at: str,
    file: Path,
    digest: str,
    aside: Path,
    step: Callable[[str], None],
) -> Draft:
    with workspace(request.settings.data) as connection:
        reading = read_file(file, connection, _how(request, profile, kind))
        step(f"{file.name}: checking")
        findings = check_postings(
            connection,
            file,
            known,
            request.fiscal_year,
            vouchers_balance=reading.vouchers_balance,
            said=reading.said,
            lines_are_unique=reading.lines_are_unique,
        )
        if findings:
            raise RefusedError([_by_heading(finding, profile) for finding in findings])
        _refuse_change(file, digest)
        step(f"{file.name}: writing")
        name = _name(request, kind, digest)
        totals = tuple(_totals(connection, request, reading, name, file, digest, received_at))
        parts = []
        # the checks found no line of a voucher twice
        are_numbered = not connection.execute("select 1 from postings_read where voucher is null limit 1").fetchall()
        for year in sorted({total.fiscal_year for total in totals}):
            part = aside / f"{year}.parquet"
            owner = f"{quoted(request.organisation_id)} as organisation_id, {quoted(request.board_id)} as board_id"
            select = f"select *, {owner} from {reading.written} where fiscal_year = {year}"
            store.write_postings(connection, select, part, store.VOUCHER_LINE if are_numbered else None)
            parts.append((part, store.postings_path(request.organisation_id, year, name)))
    return Draft(file, totals, tuple(parts), reading.notes)


def _by_heading(finding: Finding, profile: Profile | None) -> Finding:
    """The finding with the heading of the user's own sheet instead of our name of the field."""
    column = profile.columns.get(finding.column or "") if profile else None
    named = (column.heading or column.letter) if column else None
    return replace(finding, column=named) if named else finding


def _totals(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    reading: Reading,
    name: str,
    file: Path,
    digest: str,
    received_at: str,
) -> Iterator[ControlTotal]:
    rows = connection.execute(
        """
        select
            fiscal_year,
            scenario,
            coalesce(version, '') as version,
            period,
            count(*),
            coalesce(sum(amount) filter (where amount > 0), 0),
            coalesce(-sum(amount) filter (where amount < 0), 0),
            sum(amount)
        from postings_read
        group by all
        order by all
        """
    ).fetchall()
    for year, scenario, version, period, count, debit, credit, balance in rows:
        yield ControlTotal(
            import_id=name,
            organisation_id=request.organisation_id,
            board_id=request.board_id,
            fiscal_year=year,
            scenario=scenario,
            version=version,
            period=period,
            row_count=count,
            debit=Decimal(debit),
            credit=Decimal(credit),
            balance=Decimal(balance),
            file_rows=sum(each[4] for each in rows),
            postings_file=store.postings_path(request.organisation_id, year, name),
            source_file=file.name,
            source_sha256=digest,
            encoding=reading.encoding,
            profile=request.profile.name if request.profile else "",
            profile_sha256=_digest_of_how(request),
            received_at=received_at,
        )


def _unchanged(request: Request, kind: str, digest: str, there: Sequence[ControlTotal]) -> tuple[ControlTotal, ...]:
    """The record of the very same import, where all of it is there still and nothing else holds its periods."""
    name = _name(request, kind, digest)
    mine = tuple(total for total in there if total.import_id == name)
    places = {store.place(total) for total in mine}
    is_whole = sum(total.row_count for total in mine) == sum({total.file_rows for total in mine})
    # files that were given together may share a period; another import that holds one was stopped in its --replace
    moments = {total.received_at for total in mine}
    is_alone = not any(
        total.import_id != name and store.place(total) in places and total.received_at not in moments for total in there
    )
    is_there = all((request.settings.data / total.postings_file).is_file() for total in mine)
    return mine if is_whole and is_alone and is_there else ()


def _name(request: Request, kind: str, digest: str) -> str:
    year = str(request.fiscal_year or "")
    said = (request.organisation_id, digest, _digest_of_how(request), year)
    return store.import_id(request.board_id, kind, request.version or "", said)


def _digest_of_how(request: Request) -> str:
    """SHA-256 of what the user said of how the file is read; empty where nothing was said."""
    said = request.profile.read_bytes() if request.profile else b""
    said += "".join(f"\nyear-end {name}" for name in sorted(request.year_end_series)).encode()
    return hashlib.sha256(said).hexdigest() if said else ""


def _refuse_owner(request: Request, known: Known) -> None:
    place = request.settings.board
    if request.organisation_id not in known.organisations:
        do = f"add it to {place}/organisations.csv, or correct --organisation; known: {_list(known.organisations)}"
        what = "an organisation that the warehouse does not know"
        raise RefusedError(
            [Finding(request.files[0], what, do, column="--organisation", value=request.organisation_id)]
        )
    if request.board_id not in known.boards:
        do = f"add it to {place}/boards.csv, or correct --board; known: {_list(known.boards)}"
        what = "a board that the organisation does not have"
        raise RefusedError([Finding(request.files[0], what, do, column="--board", value=request.board_id)])


def _how(request: Request, profile: Profile | None, kind: str) -> How:
    return How(
        kind=kind,
        organisation_id=request.organisation_id,
        board_id=request.board_id,
        reference=request.settings.reference,
        profile=profile,
        fiscal_year=request.fiscal_year,
        version=request.version,
        year_end_series=request.year_end_series,
    )


def _kind(request: Request, profile: Profile | None) -> str:
    if request.kind and profile and profile.kind != request.kind:
        do = "leave out --kind, or name another profile"
        what = f"the profile is for {profile.kind}"
        raise RefusedError([Finding(request.profile or Path(), what, do, column="--kind", value=request.kind)])
    return request.kind or (profile.kind if profile else "ledger")


def _list(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _digests(files: Sequence[Path]) -> dict[Path, str]:
    """Each file with its SHA-256. Raises RefusedError for what cannot be read, or is given twice."""
    digests: dict[Path, str] = {}
    findings: list[Finding] = []
    for file in files:
        try:
            digest = _digest(file)
        except RefusedError as error:
            findings.extend(error.findings)
            continue
        first = next((other for other, seen in digests.items() if seen == digest), None)
        if first is not None:
            findings.append(Finding(file, f"the same bytes as {first}", "name each file once"))
        digests[file] = digest
    if findings:
        raise RefusedError(findings)
    return digests


def _digest(file: Path) -> str:
    if not file.exists():
        raise RefusedError([Finding(file, "no such file", "correct the path")])
    name = str(file).encode("utf-8", "surrogateescape")
    if name != str(file).encode("utf-8", "replace") or len(file.name.encode("utf-8", "replace")) > LONGEST_NAME:
        readable = Path(name.decode("utf-8", "replace"))
        what = f"the file's name is not UTF-8, or longer than {LONGEST_NAME} bytes"
        raise RefusedError([Finding(readable, what, "give the file another name")])
    if any(identity_numbers(file.name)):
        raise RefusedError([Finding(file, "the file's name holds a personal identity number", "give it another name")])
    if not file.is_file():
        raise RefusedError([Finding(file, "not a file", "name the file itself")])
    try:
        return store.sha256(file)
    except OSError as error:
        raise RefusedError([Finding(file, f"cannot be read ({error.strerror})", "let your user read it")]) from error


def _refuse_change(file: Path, digest: str) -> None:
    if store.sha256(file) != digest:
        raise RefusedError([Finding(file, "changed while it was read", "import it again when it is written")])


@contextmanager
def workspace(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own beside the data, gone afterwards, with little memory: it spills to the disk."""
    with (
        tempfile.TemporaryDirectory(prefix=".work-", dir=data) as folder,
        duckdb.connect(
            f"{folder}/work.duckdb",
            config={"memory_limit": MEMORY, "threads": THREADS, "temp_directory": f"{folder}/spill"},
        ) as connection,
    ):
        yield connection
