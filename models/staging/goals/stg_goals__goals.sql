with

source as (

    select * from {{ ref('goals') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        goal_id,
        cast(goal_number as integer) as goal_number,
        goal_area_id,
        goal_name,
        council_goal,
        method,
        responsible_unit,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
