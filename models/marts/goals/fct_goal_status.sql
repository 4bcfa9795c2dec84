with

goals as (

    select * from {{ ref('stg_goals__goals') }}

),

judged as (

    select * from {{ ref('int_goals__measures_judged') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

trends as (

    select * from {{ ref('stg_reference__trends') }}

),

by_goal as (

    select
        goals.organisation_id,
        goals.board_id,
        goals.fiscal_year,
        goals.goal_id,
        goals.goal_number,
        count(judged.measure_id) as measure_count,
        count(case when judged.status in ('met', 'not_met') then 1 end) as judged_count,
        count(case when judged.status = 'met' then 1 end) as met_count,
        count(case when judged.trend = 'worse' then 1 end) as worse_count,
        count(case when judged.trend = 'unknown' then 1 end) as unknown_count,
        count(case when judged.trend = 'better' then 1 end) as better_count

    from goals
    left join judged
        on
            goals.organisation_id = judged.organisation_id
            and goals.board_id = judged.board_id
            and goals.fiscal_year = judged.fiscal_year
            and goals.goal_id = judged.goal_id
    group by
        goals.organisation_id, goals.board_id, goals.fiscal_year, goals.goal_id, goals.goal_number

),

with_status as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        goal_id,
        goal_number,
        measure_count,
        met_count,
        case
            when judged_count = 0 then 'no_data'
            when met_count = 0 then 'not_met'
            -- with a measure that cannot be judged the goal is at most partly met
            when met_count = measure_count then 'met'
            else 'partly_met'
        end as status,
        case
            when worse_count > 0 then 'worse'
            when unknown_count > 0 or measure_count = 0 then 'unknown'
            when better_count > 0 then 'better'
            else 'equal'
        end as trend

    from by_goal

),

final as (

    select
        with_status.organisation_id,
        with_status.board_id,
        with_status.fiscal_year,
        with_status.goal_id,
        with_status.goal_number,
        with_status.status,
        statuses.status_name,
        statuses.colour,
        with_status.trend,
        trends.trend_name,
        cast(with_status.measure_count as integer) as measure_count,
        cast(with_status.met_count as integer) as met_count

    from with_status
    left join statuses
        on
            statuses.subject = 'goal'
            and with_status.status = statuses.status
    left join trends
        on with_status.trend = trends.trend

)

select * from final
