"""The three marts by pandas: the needed columns read by PyArrow, texts as categories, amounts as whole öre.

pandas has no decimal of its own: a sum over Decimal objects is slow, and one over floats is not exact. Kronor times 100
are cast to int64, which refuses what does not fit, and turned back to decimals where a mart is written. A sum that may
be unknown is a nullable Int64. Stated amounts of operating_entries and project_amounts are not read: a board is fed by
postings here.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import lists
from peer import KEYS, MARTS, POSTING, THREADS, Run, main, schema

BOARD_YEAR = list(KEYS)
AMOUNT = "amount_sek"
TEXTS = [name for name in POSTING if name not in ("fiscal_year", "amount")]
ENTRY = [*KEYS, "scenario", "activity", "project", "account_class", "account_kind", "entry_class"]


def read_list(name: str, rows: list[lists.Row]) -> pd.DataFrame:
    """A list with amounts in whole öre."""
    columns = lists.COLUMNS[name]
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    for column, kind in columns.items():
        if kind == "money":
            ore = [None if cell is None else int(cell * 100) for cell in frame[column]]
            frame[column] = pd.array(ore, dtype="Int64")
        elif kind == "integer":
            frame[column] = frame[column].astype("int32")
        elif kind == "text":
            frame[column] = frame[column].astype("string")
    return frame


def summed(run: Run) -> pd.DataFrame:
    """The one scan: the postings by all of their keys, in öre, spending negative."""
    table = pq.read_table(run.postings, columns=list(POSTING), partitioning=None, read_dictionary=TEXTS)
    run.check("every_posting_has_an_amount", table["amount"].null_count)
    # int64 holds every decimal(18, 2); a sum beyond that would be 9e16 kronor
    ore = pc.multiply(table["amount"], pa.scalar(Decimal(-100))).cast(pa.int64())
    table = table.drop_columns("amount").append_column(AMOUNT, pc.fill_null(ore, 0))
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    keys = [name for name in POSTING if name != "amount"]
    sums = frame.groupby(keys, observed=True, dropna=False, sort=False)[AMOUNT].sum().reset_index()
    sums = sums.astype(dict.fromkeys(TEXTS, "string"))
    return sums.assign(version=sums["version"].fillna(""))


def classified(postings: pd.DataFrame, classes: list[lists.Row]) -> pd.DataFrame:
    """With the class, kind and entry class of each account; missing where it has none."""
    found = {account: lists.classify(account, classes) for account in postings["account"].dropna().unique()}
    rows = [
        (account, each.account_class, each.account_kind, each.entry_class) for account, each in found.items() if each
    ]
    columns = ["account", "account_class", "account_kind", "entry_class"]
    return postings.merge(pd.DataFrame(rows, columns=columns, dtype="string"), on="account", how="left")


def in_force(postings: pd.DataFrame, declared: list[lists.Row]) -> pd.DataFrame:
    """The entries of the version last decided of each scenario and account kind."""
    among = [*KEYS, "scenario", "account_kind", "version"]
    versions = postings[among].dropna(subset="account_kind").drop_duplicates()
    rows = lists.versions_in_force(versions.itertuples(index=False, name=None), declared)
    last = pd.DataFrame(rows, columns=among).astype(versions.dtypes.to_dict())
    posted = postings[postings["scenario"].isin(["actual", "budget"])].merge(last, on=among)
    return posted.groupby(ENTRY, dropna=False, sort=False)[AMOUNT].sum().reset_index()


def by_scenario(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keys, actual_sek and budget_sek: sums, missing where the scenario has no entry.

    Not a pivot, which would make floats of columns with gaps.
    """
    sums = entries[keys].drop_duplicates()
    for scenario in ("actual", "budget"):
        of_scenario = entries[entries["scenario"] == scenario].astype({AMOUNT: "Int64"})
        found = of_scenario.groupby(keys, sort=False)[AMOUNT].sum().rename(f"{scenario}_sek").reset_index()
        sums = sums.merge(found, on=keys, how="left")
    return sums


def boards_posted(entries: pd.DataFrame) -> pd.DataFrame:
    """Which boards and years have postings of a scenario at all: 0 there, and not known elsewhere."""
    sums = by_scenario(entries, BOARD_YEAR)
    return sums[BOARD_YEAR].assign(has_actual=sums["actual_sek"].notna(), has_budget=sums["budget_sek"].notna())


def or_zero(amounts: pd.Series, known: pd.Series) -> pd.Series:
    """The amounts, 0 where they are missing and the board is known."""
    return amounts.mask(amounts.isna() & known.eq(True), 0)


def year_before(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as the year after sees it."""
    return frame.assign(fiscal_year=frame["fiscal_year"] + 1)


def activity_variance(codes: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """One row per activity code and year."""
    keys = [*KEYS, "activity_code"]
    entries = entries.rename(columns={"activity": "activity_code"})
    sums = by_scenario(entries, keys).rename(columns={"actual_sek": "actual_net_sek", "budget_sek": "budget_net_sek"})
    for side in ("revenue", "cost"):
        of_side = by_scenario(entries[entries["entry_class"] == side], keys)
        named = {f"{scenario}_sek": f"{scenario}_{side}_sek" for scenario in ("actual", "budget")}
        sums = sums.merge(of_side.rename(columns=named), on=keys, how="left")
        for scenario in ("actual", "budget"):
            # a code with entries has its split, be one side of it 0
            name = f"{scenario}_{side}_sek"
            sums[name] = or_zero(sums[name], sums[f"{scenario}_net_sek"].notna())
    boards = boards_posted(entries)
    before = year_before(sums)[[*keys, "actual_net_sek"]].rename(columns={"actual_net_sek": "prior_actual_net_sek"})
    boards_before = year_before(boards)[[*KEYS, "has_actual"]].rename(columns={"has_actual": "had_actual"})
    mart = codes.merge(sums, on=keys, how="left").merge(boards, on=BOARD_YEAR, how="left")
    mart = mart.merge(before, on=keys, how="left").merge(boards_before, on=BOARD_YEAR, how="left")
    mart["actual_net_sek"] = or_zero(mart["actual_net_sek"], mart["has_actual"])
    mart["budget_net_sek"] = or_zero(mart["budget_net_sek"], mart["has_budget"])
    mart["prior_actual_net_sek"] = or_zero(mart["prior_actual_net_sek"], mart["had_actual"])
    for side in ("revenue", "cost", "net"):
        mart[f"variance_{side}_sek"] = mart[f"actual_{side}_sek"] - mart[f"budget_{side}_sek"]
    return mart


def income_statement(lines: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """One row per line and year: posted amounts first, else as stated; the result is the sum of revenue and cost."""
    amounts = ["prior_actual_sek", "actual_sek", "budget_sek"]
    of_line = [*KEYS, "line_role", "line_class"]
    sides = entries.assign(line_role=entries["entry_class"], line_class="")
    memos = entries.assign(line_role="memo", line_class=entries["account_class"])
    posted = {"actual_sek": "posted_actual", "budget_sek": "posted_budget"}
    sums = by_scenario(pd.concat([sides, memos]), of_line).rename(columns=posted)
    known = lines[lines["line_role"] != "result"]
    known = known.assign(line_class=known["account_class"].where(known["line_role"] == "memo", ""))
    known = known.merge(sums, on=of_line, how="left").merge(boards_posted(entries), on=BOARD_YEAR, how="left")
    for scenario in ("actual", "budget"):
        is_posted = known[f"has_{scenario}"].eq(True)
        known[f"{scenario}_sek"] = known[f"{scenario}_sek"].mask(is_posted, known[f"posted_{scenario}"].fillna(0))
    before = year_before(known)[[*of_line, "actual_sek"]].rename(columns={"actual_sek": "before_sek"})
    known = known.merge(before, on=of_line, how="left")
    known["prior_actual_sek"] = known["before_sek"].fillna(known["prior_actual_sek"])
    summed_lines = known[known["line_role"].isin(["revenue", "cost"])]
    # a sum with a part that is not known is not known
    results = summed_lines.groupby(BOARD_YEAR)[amounts].agg(lambda part: part.sum(skipna=False)).reset_index()
    of_results = lines[lines["line_role"] == "result"].drop(columns=amounts).merge(results, on=BOARD_YEAR, how="left")
    columns = [*KEYS, "line_number", *amounts]
    mart = pd.concat([known[columns], of_results[columns].astype(dict.fromkeys(amounts, "Int64"))])
    return mart.assign(
        variance_sek=mart["actual_sek"] - mart["budget_sek"], change_sek=mart["actual_sek"] - mart["prior_actual_sek"]
    )


def investment_variance(projects: pd.DataFrame, mandates: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """One row per reported project and year, its sub-projects counted with it."""
    keys = [*KEYS, "project_id"]
    matched = projects.merge(entries.rename(columns={"project": "project_id"}), on=keys)
    matched["project_id"] = matched["parent_project_id"].fillna(matched["project_id"])
    mart = projects[projects["parent_project_id"].isna()].merge(by_scenario(matched, keys), on=keys, how="left")
    mart = mart.merge(boards_posted(entries), on=BOARD_YEAR, how="left").merge(mandates, on=keys, how="left")
    for scenario in ("actual", "budget"):
        mart[f"{scenario}_sek"] = or_zero(mart[f"{scenario}_sek"], mart[f"has_{scenario}"])
    return mart.assign(variance_sek=mart["actual_sek"] - mart["budget_sek"])


def check_kept(run: Run, mart: pd.DataFrame, entries: pd.DataFrame) -> None:
    """The activities of a board, year and scenario are together what was posted on operating accounts."""
    names = ["actual_net_sek", "budget_net_sek"]
    posted = by_scenario(entries, BOARD_YEAR).set_index(BOARD_YEAR)
    marted = mart.groupby(BOARD_YEAR)[names].sum(min_count=1).reindex(posted.index)
    same = [
        (posted[f"{name.split('_')[0]}_sek"].fillna(0) == marted[name].fillna(0))
        & (posted[f"{name.split('_')[0]}_sek"].isna() == marted[name].isna())
        for name in names
    ]
    run.check("activities_keep_every_entry", int((~(same[0] & same[1])).sum()))


def to_arrow(name: str, mart: pd.DataFrame) -> pa.Table:
    """The mart with its öre as kronor, exactly: a decimal of scale 2 is the integer itself."""
    columns = []
    for field in schema(name):
        values = pa.array(mart[field.name], from_pandas=True)
        if pa.types.is_decimal(field.type):
            hundredth = pa.scalar(Decimal("0.01"))
            values = pc.multiply(values.cast(pa.decimal128(19, 0)), hundredth).cast(field.type)
        columns.append(values.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema(name))


def answer(run: Run) -> None:
    """Scan, sum, merge, check and write."""
    pa.set_cpu_count(THREADS)
    rows = lists.read(run.lists)
    listed = {name: read_list(name, each) for name, each in rows.items()}
    run.is_loaded()
    postings = classified(summed(run), rows["account_classes"])
    run.check("every_account_has_a_class", int(postings["account_kind"].isna().sum()))
    entries = in_force(postings, rows["budget_versions"])
    operating = entries[entries["account_kind"] == "operating"]
    investments = entries[entries["account_kind"] == "investment"]
    marts = {
        "fct_activity_variance": activity_variance(listed["activity_codes"], operating),
        "fct_income_statement": income_statement(listed["result_lines"], operating),
        "fct_investment_variance": investment_variance(listed["projects"], listed["mandates"], investments),
    }
    check_kept(run, marts["fct_activity_variance"], operating)
    for name, mart in marts.items():
        run.check(f"{name}_has_unique_keys", int(mart.duplicated([*KEYS, MARTS[name][0]]).sum()))
        run.write(name, to_arrow(name, mart))


if __name__ == "__main__":
    main(answer)
