"""The three marts by Polars: one lazy scan summed by the streaming engine, then small frames joined in memory.

Polars keeps decimals as integers with a scale, so that its sums are exact. An account is classified once for all of its
postings, by the rule in lists.py. Stated amounts of operating_entries and project_amounts are not read: a board is fed
by postings here.
"""

from __future__ import annotations

import os

from peer import KEYS, MARTS, POSTING, THREADS, Run, main

# read when the library is imported
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import polars as pl

import lists

MONEY = pl.Decimal(18, 2)
TYPES = {"text": pl.String, "integer": pl.Int32, "date": pl.Date, "money": MONEY}
ENTRY = (*KEYS, "scenario", "activity", "project", "account_class", "account_kind", "entry_class")
AMOUNT = pl.col("amount_sek")


def summed(run: Run) -> pl.DataFrame:
    """The one scan: the postings by all of their keys, spending negative; missing counts those without an amount."""
    keys = [name for name in POSTING if name != "amount"]
    return (
        pl.scan_parquet(run.postings / "**" / "*.parquet", hive_partitioning=False)
        .with_columns(pl.col("version").fill_null(""))
        .group_by(keys)
        .agg((-pl.col("amount").sum()).alias("amount_sek"), pl.col("amount").null_count().alias("missing"))
        .collect(engine="streaming")
    )


def classified(postings: pl.DataFrame, classes: list[lists.Row]) -> pl.DataFrame:
    """With the class, kind and entry class of each account; null where it has none."""
    found = {account: lists.classify(account, classes) for account in postings["account"].drop_nulls().unique()}
    rows = [
        (account, each.account_class, each.account_kind, each.entry_class) for account, each in found.items() if each
    ]
    names = ["account", "account_class", "account_kind", "entry_class"]
    return postings.join(pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row"), on="account", how="left")


def in_force(postings: pl.DataFrame, declared: list[lists.Row]) -> pl.DataFrame:
    """The entries of the version last decided of each scenario and account kind."""
    among = [*KEYS, "scenario", "account_kind", "version"]
    versions = postings.select(among).drop_nulls("account_kind").unique()
    last = pl.DataFrame(lists.versions_in_force(versions.iter_rows(), declared), versions.schema, orient="row")
    posted = postings.filter(pl.col("scenario").is_in(["actual", "budget"]))
    return posted.join(last, on=among).group_by(ENTRY).agg(AMOUNT.sum())


def scenario_sum(scenario: str, entry_class: str | None = None) -> pl.Expr:
    """The sum of a scenario's entries, null without any; of one entry class 0 where the scenario has others alone."""
    of_scenario = pl.col("scenario") == scenario
    if entry_class is None:
        return pl.when(of_scenario.any()).then(AMOUNT.filter(of_scenario).sum())
    chosen = AMOUNT.filter(of_scenario & (pl.col("entry_class") == entry_class))
    return pl.when(of_scenario.any()).then(chosen.sum())


def boards_posted(entries: pl.DataFrame) -> pl.DataFrame:
    """Which boards and years have postings of a scenario at all: 0 there, and not known elsewhere."""
    return entries.group_by(KEYS).agg(
        (pl.col("scenario") == "actual").any().alias("has_actual"),
        (pl.col("scenario") == "budget").any().alias("has_budget"),
    )


def or_zero(column: str, known: str) -> pl.Expr:
    """The column, 0 where it is empty and the board is known."""
    return pl.when(pl.col(known)).then(pl.col(column).fill_null(0)).alias(column)


def year_before(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as the year after sees it."""
    return frame.with_columns(pl.col("fiscal_year") + 1)


def activity_variance(codes: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One row per activity code and year."""
    keys = [*KEYS, "activity_code"]
    sums = entries.group_by(*KEYS, pl.col("activity").alias("activity_code")).agg(
        scenario_sum(scenario, entry_class).alias(f"{scenario}_{name}_sek")
        for scenario in ("actual", "budget")
        for name, entry_class in (("revenue", "revenue"), ("cost", "cost"), ("net", None))
    )
    boards = boards_posted(entries)
    before = year_before(sums).select(*keys, pl.col("actual_net_sek").alias("prior_actual_net_sek"))
    boards_before = year_before(boards).select(*KEYS, pl.col("has_actual").alias("had_actual"))
    joined = (
        codes.join(sums, on=keys, how="left")
        .join(boards, on=KEYS, how="left")
        .join(before, on=keys, how="left")
        .join(boards_before, on=KEYS, how="left")
    )
    return joined.with_columns(
        or_zero("actual_net_sek", "has_actual"),
        or_zero("budget_net_sek", "has_budget"),
        or_zero("prior_actual_net_sek", "had_actual"),
    ).with_columns(
        (pl.col(f"actual_{name}_sek") - pl.col(f"budget_{name}_sek")).alias(f"variance_{name}_sek")
        for name in ("revenue", "cost", "net")
    )


def income_statement(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One row per line and year: posted amounts first, else as stated; the result is the sum of revenue and cost."""
    amounts = ("prior_actual_sek", "actual_sek", "budget_sek")
    sides = entries.with_columns(line_role="entry_class", line_class=pl.lit(""))
    memos = entries.with_columns(line_role=pl.lit("memo"), line_class="account_class")
    sums = (
        pl.concat([sides, memos])
        .group_by(*KEYS, "line_role", "line_class")
        .agg(scenario_sum("actual").alias("posted_actual"), scenario_sum("budget").alias("posted_budget"))
    )
    known = (
        lines.filter(pl.col("line_role") != "result")
        .with_columns(line_class=pl.when(pl.col("line_role") == "memo").then("account_class").otherwise(pl.lit("")))
        .join(sums, on=[*KEYS, "line_role", "line_class"], how="left")
        .join(boards_posted(entries), on=KEYS, how="left")
        .with_columns(
            pl.when(pl.col(f"has_{scenario}"))
            .then(pl.col(f"posted_{scenario}").fill_null(0))
            .otherwise(pl.col(f"{scenario}_sek"))
            .alias(f"{scenario}_sek")
            for scenario in ("actual", "budget")
        )
    )
    of_line = [*KEYS, "line_role", "line_class"]
    before = year_before(known).select(*of_line, pl.col("actual_sek").alias("before_sek"))
    known = known.join(before, on=of_line, how="left").with_columns(
        prior_actual_sek=pl.coalesce("before_sek", "prior_actual_sek")
    )
    # a sum with a part that is not known is not known
    results = (
        known.filter(pl.col("line_role").is_in(["revenue", "cost"]))
        .group_by(KEYS)
        .agg(pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(name) for name in amounts)
    )
    of_results = lines.filter(pl.col("line_role") == "result").drop(amounts).join(results, on=KEYS, how="left")
    columns = [*KEYS, "line_number", *amounts]
    return pl.concat([each.select(columns) for each in (known, of_results)], how="vertical_relaxed").with_columns(
        variance_sek=pl.col("actual_sek") - pl.col("budget_sek"),
        change_sek=pl.col("actual_sek") - pl.col("prior_actual_sek"),
    )


def investment_variance(projects: pl.DataFrame, mandates: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One row per reported project and year, its sub-projects counted with it."""
    keys = [*KEYS, "project_id"]
    sums = (
        projects.join(entries.rename({"project": "project_id"}), on=keys)
        .group_by(*KEYS, pl.coalesce("parent_project_id", "project_id").alias("project_id"))
        .agg(scenario_sum("actual").alias("actual_sek"), scenario_sum("budget").alias("budget_sek"))
    )
    return (
        projects.filter(pl.col("parent_project_id").is_null())
        .join(sums, on=keys, how="left")
        .join(boards_posted(entries), on=KEYS, how="left")
        .join(mandates, on=keys, how="left")
        .with_columns(or_zero("actual_sek", "has_actual"), or_zero("budget_sek", "has_budget"))
        .with_columns(variance_sek=pl.col("actual_sek") - pl.col("budget_sek"))
    )


def check_kept(run: Run, mart: pl.DataFrame, entries: pl.DataFrame) -> None:
    """The activities of a board, year and scenario are together what was posted on operating accounts."""
    posted = entries.group_by(KEYS).agg(
        scenario_sum("actual").alias("actual_net_sek"), scenario_sum("budget").alias("budget_net_sek")
    )
    # null where the board has nothing, which a sum would make 0
    marted = mart.group_by(KEYS).agg(
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
        for name in ("actual_net_sek", "budget_net_sek")
    )
    both = posted.join(marted, on=KEYS, how="left", suffix="_marted")
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}_marted")) for name in ("actual_net_sek", "budget_net_sek")
    )
    run.check("activities_keep_every_entry", both.filter(differs).height)


def answer(run: Run) -> None:
    """Scan, sum, join, check and write."""
    rows = lists.read(run.lists)
    listed = {
        name: pl.DataFrame(rows[name], {column: TYPES[kind] for column, kind in columns.items()}, orient="row")
        for name, columns in lists.COLUMNS.items()
    }
    run.is_loaded()
    postings = summed(run)
    run.check("every_posting_has_an_amount", postings.filter(pl.col("missing") > 0).height)
    postings = classified(postings, rows["account_classes"])
    run.check("every_account_has_a_class", postings.filter(pl.col("account_kind").is_null()).height)
    entries = in_force(postings, rows["budget_versions"])
    operating = entries.filter(pl.col("account_kind") == "operating")
    investments = entries.filter(pl.col("account_kind") == "investment")
    marts = {
        "fct_activity_variance": activity_variance(listed["activity_codes"], operating),
        "fct_income_statement": income_statement(listed["result_lines"], operating),
        "fct_investment_variance": investment_variance(listed["projects"], listed["mandates"], investments),
    }
    check_kept(run, marts["fct_activity_variance"], operating)
    for name, mart in marts.items():
        keys = [*KEYS, MARTS[name][0]]
        run.check(f"{name}_has_unique_keys", mart.height - mart.select(keys).n_unique())
        amounts = [pl.col(amount).cast(MONEY) for amount in MARTS[name][1]]
        mart.select(*keys, *amounts).sort(keys).write_parquet(run.out / f"{name}.parquet")


if __name__ == "__main__":
    main(answer)
