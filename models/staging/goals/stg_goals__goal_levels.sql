with

source as (

    select * from {{ ref('goal_levels') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        cast(level_number as integer) as level_number,
        level_name,
        decided_by,
        horizon,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
