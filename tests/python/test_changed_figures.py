"""A figure that is changed by one krona, or by its smallest step, does not pass a build unseen.

Each case changes one cell of one seed to another value of the right kind, which no check of the input can refuse, and
names the test that finds it and what is printed of it. Refused inputs are in test_refused_inputs.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from project import Project


class Change(NamedTuple):
    """A changed cell (seed, cells that tell its row, column, new value), the test that finds it, what is printed."""

    seed: str
    row: Mapping[str, str]
    column: str
    value: str
    test: str
    printed: str


CHANGES = [
    Change(
        "operating_entries",
        {"scenario": "actual", "activity_code": "45", "entry_class": "net"},
        "amount",
        "-82802.001",
        "fct_activity_variance__control_totals",
        "1882/KS/2024/45 | control_value: -12508000.000000 | computed_value: -12508001.000000",
    ),
    Change(
        "operating_entries",
        {"scenario": "actual", "activity_code": "92", "entry_class": "revenue"},
        "amount",
        "1686.001",
        "int_control__unsplit_codes__control_totals",
        "unsplit_revenue | control_key: 1882/KS/2024/actual | control_value: 44649000.000000",
    ),
    Change(
        "result_lines",
        {"line_name": "Intäkter"},
        "actual",
        "60586.001",
        "assert_result_summary_agrees_with_activity_codes",
        "result_actual_sek: -186559999.00 | activities_actual_sek: -186560000.00",
    ),
    Change(
        "result_lines",
        {"line_name": "varav kapitalkostnader"},
        "prior_actual",
        "-41562.001",
        "fct_income_statement__control_totals",
        "prior_actual | control_key: 1882/KS/2024/- | control_value: -430936000.000000",
    ),
    Change(
        "budget_decisions",
        {"account": "operating", "step_kind": "frame"},
        "net_cost",
        "126342.001",
        "fct_budget_bridge__control_totals",
        "operating/unexplained | control_value: -47168000.000000 | computed_value: -47167999.000000",
    ),
    Change(
        "variance_drivers",
        {"driver_id": "suf"},
        "amount",
        "-12.600001",
        "fct_variance_driver__control_totals",
        "residual | control_key: 1882/KS/2024/suf | control_value: 92000.000000",
    ),
    Change(
        "project_amounts",
        {"project_id": "radhuset-hiss", "scenario": "actual"},
        "amount",
        "-90.001",
        "fct_project_year__control_totals",
        "sub_project_amount | control_key: 1882/KS/2024/- | control_value: -2968000.000000",
    ),
    Change(
        "project_amounts",
        {"project_id": "reinvesteringsplan", "scenario": "actual"},
        "amount",
        "-2968.001",
        "assert_stated_project_amounts_agree_with_the_investment_account",
        "reinvesteringsplan/actual | stated_sek: -2968001.00 | computed_sek: -2968000.00",
    ),
    Change(
        "project_totals",
        {"project_id": "gustavslund"},
        "cost_to_date",
        "-23982.001",
        "fct_project_accumulation__control_totals",
        "accumulated | control_key: 1882/KS/2024/- | control_value: -319919000.000000",
    ),
    Change(
        "project_totals",
        {"project_id": "gustavslund"},
        "total_forecast",
        "-24966.001",
        "fct_project_accumulation__control_totals",
        "gustavslund | control_value: -1566000.000000 | computed_value: -1566001.000000",
    ),
    Change(
        "project_totals",
        {"project_id": "gustavslund"},
        "total_budget",
        "-23400.001",
        "fct_project_accumulation__control_totals",
        "gustavslund | control_value: -1566000.000000 | computed_value: -1565999.000000",
    ),
    Change(
        "carry_over_requests",
        {"project_id": "intranat"},
        "requested",
        "101.001",
        "fct_carry_over__control_totals",
        "requested | control_key: 1882/KS/2024/- | control_value: 691000.000000",
    ),
    Change(
        "mandates",
        {"project_id": "reinvesteringsplan"},
        "mandated_cost",
        "3215.001",
        "fct_investment_variance__control_totals",
        "mandate | control_key: 1882/KS/2024/reinvesteringsplan | control_value: -3215000.000000",
    ),
    Change(
        "measure_outcomes",
        {"measure_id": "sick-leave-excl-ame"},
        "outcome_value",
        "2.13",
        "fct_measure_outcome__control_totals",
        "sick-leave-excl-ame | control_value: 2.120000 | computed_value: 2.130000",
    ),
    Change(
        "measure_targets",
        {"measure_id": "sick-leave-ame"},
        "target_value",
        "7.01",
        "fct_measure_outcome__control_totals",
        "sick-leave-ame | control_value: 7.000000 | computed_value: 7.010000",
    ),
    Change(
        "indicator_values",
        {"indicator_id": "fibre-share", "place": "askersund", "fiscal_year": "2022"},
        "value",
        "63.8",
        "fct_indicator__control_totals",
        "2023/fibre-share/askersund | control_value: 5.300000 | computed_value: 5.200000",
    ),
    Change(
        "assignments",
        {"amount": "5.2"},
        "amount",
        "5.200001",
        "fct_assignment__control_totals",
        "amount | control_key: 1882/KS/2024/- | control_value: 5200000.000000",
    ),
    Change(
        "statements",
        {"subject": "indicator/fibre-share/askersund", "attribute": "change"},
        "value",
        "5.4",
        "int_control__statements_placed__control_totals",
        "value | control_key: 1882/KS/2024/- | control_value: 211508636.500000",
    ),
    Change(
        "control_totals",
        {"model_name": "fct_activity_variance", "row_key": "", "total_name": "actual_net"},
        "value",
        "-186560.001",
        "fct_activity_variance__control_totals",
        "control_value: -186560001.000000 | computed_value: -186560000.000000",
    ),
]


@pytest.mark.parametrize(
    "change", CHANGES, ids=[f"{change.seed}.{change.column} of {'/'.join(change.row.values())}" for change in CHANGES]
)
def test_a_figure_changed_by_its_smallest_step_fails_the_build_with_a_test_that_names_it(
    project: Project, change: Change
) -> None:
    project.set_cell(change.seed, change.row, change.column, change.value)

    # the path from the seed to the test: what else a whole build does cannot make it pass
    result = project.build("--select", f"{change.seed}+,+{change.test}")

    assert result.returncode == 1, str(result)
    assert change.printed in result.broken(change.test), str(result)
