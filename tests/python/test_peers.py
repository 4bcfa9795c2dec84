"""The peers of the benchmark: the rules that they share, and that each gives what `dbt build` gives, to the öre.

The tests that run a peer need .venv-peers and minutes: they are marked `peers`, and `make test-peers` runs them.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lists
import peer_ledger
from bokslut.intake.postings import SCHEMA
from import_desk import posting
from project import REPOSITORY, Project, Row, Workshop

PEERS = REPOSITORY / "benchmarks" / "peers"
PYTHON = REPOSITORY / ".venv-peers" / "bin" / "python"
NAMES = tuple(sorted(path.stem.removeprefix("with_") for path in PEERS.glob("with_*.py")))
NOT_HERE = 77
# keys first: a mart is compared in the order that they give
COLUMNS = {
    "fct_activity_variance": (
        "organisation_id, board_id, fiscal_year, activity_code, actual_revenue_sek, actual_cost_sek, actual_net_sek,"
        " budget_revenue_sek, budget_cost_sek, budget_net_sek, variance_revenue_sek, variance_cost_sek,"
        " variance_net_sek, prior_actual_net_sek"
    ),
    "fct_income_statement": (
        "organisation_id, board_id, fiscal_year, line_number, prior_actual_sek, actual_sek, budget_sek, variance_sek,"
        " change_sek"
    ),
    "fct_investment_variance": (
        "organisation_id, board_id, fiscal_year, project_id, actual_sek, budget_sek, mandate_sek, variance_sek"
    ),
}
CLASSES: list[lists.Row] = [
    ("4", "bought", "operating", "cost"),
    ("40", "capital", "investment", "cost"),
    ("1", "assets", "balance", None),
]
needs_peers = pytest.mark.skipif(not PYTHON.exists(), reason="make test-peers installs .venv-peers")


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ("4010", lists.AccountClass("capital", "investment", "cost")),
        ("4110", lists.AccountClass("bought", "operating", "cost")),
        ("1930", lists.AccountClass("assets", "balance", None)),
        ("0400", None),
        ("", None),
    ],
)
def test_an_account_has_the_class_of_its_longest_prefix(account: str, found: lists.AccountClass | None) -> None:
    assert lists.classify(account, CLASSES) == found
    assert lists.classify(account, CLASSES[::-1]) == found


digits = st.text("0123456789", min_size=1, max_size=4)


@given(account=digits, lengths=st.sets(st.integers(1, 4)), others=st.sets(digits), order=st.randoms())
def test_no_longer_prefix_matches_than_the_one_found(
    account: str, lengths: set[int], others: set[str], order: Random
) -> None:
    prefixes = sorted({account[:length] for length in lengths} | others)
    order.shuffle(prefixes)
    found = lists.classify(account, [(prefix, prefix, "operating", "cost") for prefix in prefixes])
    matching = [prefix for prefix in prefixes if account.startswith(prefix)]
    assert (found.account_class if found else None) == max(matching, key=len, default=None)


@pytest.mark.parametrize(
    ("decided", "found"),
    [
        ({"9": "2023-11-20", "10": "2024-04-22"}, "10"),
        ({"9": "2024-04-22", "10": "2023-11-20"}, "9"),
        ({"9": "2023-11-20", "10": "2023-11-20"}, "10"),
        ({"a": "2023-11-20", "b": "2023-11-20"}, "b"),
        ({"9": "2023-11-20", "undeclared": None}, "9"),
        ({"": None}, ""),
    ],
)
def test_the_version_last_decided_is_in_force(decided: dict[str, str | None], found: str) -> None:
    dates = {version: date.fromisoformat(day) for version, day in decided.items() if day}
    assert lists.in_force(decided, dates) == found
    assert lists.in_force(reversed(decided), dates) == found


def test_versions_are_in_force_for_each_account_by_itself() -> None:
    board = ("9999", "TN", 2024)
    posted = [(*board, "budget", kind, version) for kind, version in (("operating", "9"), ("operating", "10"))]
    posted += [(*board, "budget", "investment", "9"), ("9999", "KS", 2024, "budget", "operating", "9")]
    declared = [(*board, "9", date(2023, 11, 20)), (*board, "10", date(2024, 4, 22))]
    assert lists.versions_in_force(posted, declared) == [posted[1], posted[2], posted[3]]


def test_lists_are_read_in_kronor_with_spending_negative() -> None:
    rows = lists.read(REPOSITORY / "seeds" / "board")
    assert ("1882", "KS", 2024, "reinvesteringsplan", Decimal("-3215000.00")) in rows["mandates"]
    revenue = (Decimal("49661000.00"), Decimal("60586000.00"), Decimal("58214000.00"))
    assert rows["result_lines"][0] == ("1882", "KS", 2024, 1, "revenue", None, *revenue)
    assert ("40", "capital_purchases", "investment", "cost") in rows["account_classes"]


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"activity_codes\.csv is found 0 times"):
        lists.read(tmp_path)


@dataclass(frozen=True)
class Store:
    """Postings and lists on disk, and the marts that dbt build makes of them."""

    data: Path
    lists: Path
    truth: dict[str, list[Row]]

    def ask(self, name: str, out: Path) -> subprocess.CompletedProcess[str]:
        """Run a peer; skips the test where the peer says that it cannot run here."""
        script = PEERS / f"with_{name}.py"
        done = subprocess.run(
            [str(PYTHON), str(script), str(self.data), str(self.lists), str(out)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == NOT_HERE:
            pytest.skip(done.stderr.strip())
        return done


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The small municipality of peer_ledger.py, built by dbt."""
    data, board_lists = peer_ledger.write(tmp_path_factory.mktemp("desk"))
    project = Workshop(tmp_path_factory.mktemp("built")).copied()
    shutil.copytree(data, project.path / "mine" / "data")
    shutil.copytree(board_lists, project.path / "mine" / "lists")
    names = {"BOKSLUT_SEEDS": "mine/lists", "BOKSLUT_DATA": "mine/data"}
    built = project.dbt("build", "--exclude-resource-type", "unit_test", env=names)
    assert built.returncode == 0, built
    return Store(data, board_lists, marts_of(project))


def marts_of(project: Project) -> dict[str, list[Row]]:
    """The compared columns of the built marts."""
    return {mart: project.query(f"select {names} from marts.{mart} order by all") for mart, names in COLUMNS.items()}


@pytest.mark.peers
@needs_peers
@pytest.mark.parametrize("name", NAMES)
def test_a_peer_gives_the_marts_of_dbt_build(store: Store, tmp_path: Path, name: str) -> None:
    done = store.ask(name, tmp_path)
    assert done.returncode == 0, done.stderr
    for mart, names in COLUMNS.items():
        with duckdb.connect() as connection:
            written = connection.sql(f"from '{tmp_path}/{mart}.parquet'")
            assert written.columns == names.split(", ")
            assert {str(kind) for kind in written.types[4:]} == {"DECIMAL(18,2)"}
            rows = written.order("all").fetchall()
        assert store.truth[mart]
        assert rows == store.truth[mart]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{mart}.parquet" for mart in COLUMNS)
    assert '{"loaded_seconds": ' in done.stderr.splitlines()[-1]


def add_posting(account: str | None, amount: str | None, activity: str | None) -> Callable[[Path], None]:
    """A fault: one more posting in a file of its own."""

    def add(folder: Path) -> None:
        lines = [posting(account, amount, activity)]
        pq.write_table(pa.Table.from_pylist(lines, schema=SCHEMA), folder / "data" / "postings" / f"{account}.parquet")

    return add


def repeat_a_line(folder: Path) -> None:
    """A fault: a project that stands twice."""
    (path,) = folder.rglob("projects.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")


# claim -> what breaks it, and what SQLMesh calls it where the audit is its own
FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "every_posting_has_an_amount": (add_posting("5010", None, "20"), "every_posting_has_an_amount"),
    "every_account_has_a_class": (add_posting("0999", "1.00", "20"), "every_account_has_a_class"),
    "activities_keep_every_entry": (add_posting("5020", "1.00", "99"), "activities_keep_every_entry"),
    "fct_investment_variance_has_unique_keys": (repeat_a_line, "unique_combination_of_columns"),
}


def broken_store(store: Store, folder: Path, *claims: str) -> Store:
    """A copy with what breaks the claims."""
    shutil.copytree(store.data, folder / "data")
    shutil.copytree(store.lists, folder / "lists")
    for claim in claims:
        FAULTS[claim][0](folder)
    return Store(folder / "data", folder / "lists", {})


@pytest.mark.peers
@needs_peers
@pytest.mark.parametrize("claim", FAULTS)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "spark"])
def test_a_peer_tells_a_broken_claim(store: Store, tmp_path: Path, name: str, claim: str) -> None:
    done = broken_store(store, tmp_path, claim).ask(name, tmp_path / "out")
    told = [line for line in done.stderr.splitlines() if line.startswith("broken: ")]
    assert done.returncode == 1, done.stderr
    assert any((FAULTS[claim][1] if name == "sqlmesh" else claim) in line for line in told), done.stderr


@pytest.mark.peers
@needs_peers
def test_spark_tells_every_broken_claim(store: Store, tmp_path: Path) -> None:
    # at once, since a session takes half a minute to start
    done = broken_store(store, tmp_path, *FAULTS).ask("spark", tmp_path / "out")
    assert done.returncode == 1, done.stderr
    assert {claim for claim in FAULTS if f"broken: {claim}," in done.stderr} == set(FAULTS)
