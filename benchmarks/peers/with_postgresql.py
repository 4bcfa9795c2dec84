"""The three marts by PostgreSQL: a server of its own in a temporary folder, COPY into an unlogged table, then SQL.

The server listens on a Unix socket alone, is made for this run (initdb, no fsync: nothing here outlives it) and is
stopped by its own process. It refuses to run as root, so that root runs it as the user postgres. Stated amounts of
operating_entries and project_amounts are not read: a board is fed by postings here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.dataset as ds

import lists
import statements
from peer import MARTS, POSTING, CannotRunError, Run, main, schema

USER = "postgres"
TYPES = {"text": "text", "integer": "integer", "date": "date", "money": "decimal(18, 2)"}
POSTING_TYPES = {"fiscal_year": "integer", "amount": "decimal(18, 2)"}
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "max_wal_size": "4GB",
    # the leader and one worker are the two threads
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "lc_messages": "C",
}
SECONDS_TO_START = 30


def programs() -> Path:
    """The folder of initdb and postgres: on the path, or where Debian keeps the newest."""
    on_path = shutil.which("postgres")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise CannotRunError(
            "PostgreSQL is not installed: no program postgres on the path or below /usr/lib/postgresql"
        )
    return found[-1].parent


@contextlib.contextmanager
def server() -> Iterator[Path]:
    """A server with an empty database, until the end of the block; gives the folder of its socket."""
    # short, since the path of a socket may have about a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="peer-"))
    user = USER if os.geteuid() == 0 else None
    try:
        if user:
            try:
                shutil.chown(folder, user)
            except LookupError as error:
                raise CannotRunError(f"PostgreSQL does not run as root, and there is no user {user}") from error
        data = str(folder / "data")
        initdb = [str(programs() / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        done = subprocess.run(initdb, cwd=folder, user=user, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CannotRunError(f"initdb: {done.stderr.strip().splitlines()[-1]}")
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            running = subprocess.Popen(  # noqa: S603
                [str(programs() / "postgres"), "-D", data, "-k", str(folder), *options],
                cwd=folder, user=user, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield folder
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()
    finally:
        shutil.rmtree(folder)


def connect(folder: Path) -> psycopg.Connection:
    """A connection, as soon as the server answers."""
    until = time.perf_counter() + SECONDS_TO_START
    while True:
        try:
            return psycopg.connect(host=str(folder), user=USER, dbname="postgres", autocommit=True)
        except psycopg.OperationalError as error:
            if time.perf_counter() > until:
                raise CannotRunError(f"PostgreSQL does not answer: {(folder / 'log').read_text()[-200:]!r}") from error
            time.sleep(0.02)


def copy_postings(connection: psycopg.Connection, folder: Path) -> None:
    """COPY the needed columns batch by batch, as CSV that Arrow writes: null is empty, an empty text is quoted."""
    columns = ", ".join(f"{name} {POSTING_TYPES.get(name, 'text')}" for name in POSTING)
    connection.execute(f"create unlogged table postings ({columns})")
    postings = ds.dataset(sorted(folder.rglob("*.parquet")), format="parquet")
    with connection.cursor() as cursor, cursor.copy("copy postings from stdin (format csv)") as copy:
        for batch in postings.to_batches(columns=list(POSTING)):
            sink = pa.BufferOutputStream()
            amounts = batch.column("amount").cast(pa.string())
            batch = batch.set_column(batch.schema.get_field_index("amount"), "amount", amounts)
            pa_csv.write_csv(batch, sink, pa_csv.WriteOptions(include_header=False))
            copy.write(sink.getvalue())
    connection.execute("analyze postings")


def copy_lists(connection: psycopg.Connection, folder: Path) -> None:
    """COPY each list, row by row: they are short."""
    for name, rows in lists.read(folder).items():
        columns = ", ".join(f"{column} {TYPES[kind]}" for column, kind in lists.COLUMNS[name].items())
        connection.execute(f"create unlogged table {name} ({columns})")
        with connection.cursor() as cursor, cursor.copy(f"copy {name} from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(f"analyze {name}")


def answer(run: Run) -> None:
    """Start, copy, select, check and write."""
    with server() as folder, connect(folder) as connection:
        copy_lists(connection, run.lists)
        copy_postings(connection, run.postings)
        run.is_loaded()

        def create(name: str, select: str) -> None:
            connection.execute(f"create unlogged table {name} as {select}")
            connection.execute(f"analyze {name}")

        statements.run_steps(create)
        for claim in statements.CHECKS:
            run.check(claim, len(connection.execute(statements.check(claim)).fetchall()))
        for name in MARTS:
            names = schema(name).names
            rows = connection.execute(f"select {', '.join(names)} from {name}").fetchall()
            columns = [pa.array([row[place] for row in rows], kind.type) for place, kind in enumerate(schema(name))]
            run.write(name, pa.Table.from_arrays(columns, schema=schema(name)))


if __name__ == "__main__":
    main(answer)
