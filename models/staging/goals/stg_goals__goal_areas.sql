with

source as (

    select * from {{ ref('goal_areas') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        goal_area_id,
        cast(goal_area_number as integer) as goal_area_number,
        goal_area_name,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
