select
    goals.fiscal_year,
    goals.goal_id,
    goals.goal_number,
    goals.goal_name,
    goals.goal_area_number,
    goals.goal_area_name,
    goals.council_goal,
    goals.method,
    goals.responsible_unit,
    statuses.status,
    statuses.status_name,
    statuses.colour,
    statuses.trend,
    statuses.trend_name,
    statuses.measure_count,
    statuses.met_count

from marts.dim_goal as goals
inner join marts.fct_goal_status as statuses
    on
        goals.organisation_id = statuses.organisation_id
        and goals.board_id = statuses.board_id
        and goals.fiscal_year = statuses.fiscal_year
        and goals.goal_id = statuses.goal_id
where
    goals.organisation_id = {{ $organisation_id }}
    and goals.board_id = {{ $board_id }}
    and goals.fiscal_year = {{ $fiscal_year }}
order by goals.goal_number
