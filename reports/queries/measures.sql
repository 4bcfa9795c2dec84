select
    outcomes.fiscal_year,
    outcomes.measure_id,
    outcomes.goal_id,
    goals.goal_number,
    goals.goal_name,
    measures.measure_number,
    outcomes.measure_name,
    outcomes.comparator_name,
    outcomes.target_value,
    outcomes.outcome_value,
    outcomes.previous_value,
    outcomes.change,
    outcomes.status_name,
    outcomes.colour,
    outcomes.trend,
    outcomes.trend_name,
    outcomes.is_derived

from marts.fct_measure_outcome as outcomes
inner join marts.dim_measure as measures
    on
        outcomes.organisation_id = measures.organisation_id
        and outcomes.board_id = measures.board_id
        and outcomes.fiscal_year = measures.fiscal_year
        and outcomes.measure_id = measures.measure_id
inner join marts.dim_goal as goals
    on
        outcomes.organisation_id = goals.organisation_id
        and outcomes.board_id = goals.board_id
        and outcomes.fiscal_year = goals.fiscal_year
        and outcomes.goal_id = goals.goal_id
where
    outcomes.organisation_id = {{ $organisation_id }}
    and outcomes.board_id = {{ $board_id }}
    and outcomes.fiscal_year = {{ $fiscal_year }}
order by goals.goal_number, measures.measure_number
