-- Which goals were met, and which measure decided it?
with

goals as (

    select * from {{ ref('dim_goal') }}

),

goal_statuses as (

    select * from {{ ref('fct_goal_status') }}

),

measures as (

    select * from {{ ref('fct_measure_outcome') }}

),

joined as (

    select
        goals.organisation_id,
        goals.board_id,
        goals.fiscal_year,
        goals.goal_number,
        goals.goal_name,
        goal_statuses.status as goal_status,
        goal_statuses.trend as goal_trend,
        measures.measure_name,
        measures.comparator,
        measures.target_value,
        measures.outcome_value,
        measures.previous_value,
        measures.status as measure_status,
        measures.trend as measure_trend,
        measures.is_derived

    from goals
    inner join goal_statuses
        on
            goals.organisation_id = goal_statuses.organisation_id
            and goals.board_id = goal_statuses.board_id
            and goals.fiscal_year = goal_statuses.fiscal_year
            and goals.goal_id = goal_statuses.goal_id
    left join measures
        on
            goals.organisation_id = measures.organisation_id
            and goals.board_id = measures.board_id
            and goals.fiscal_year = measures.fiscal_year
            and goals.goal_id = measures.goal_id

)

select * from joined
order by organisation_id, board_id, fiscal_year, goal_number, measure_name
