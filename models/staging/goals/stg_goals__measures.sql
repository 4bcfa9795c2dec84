with

source as (

    select * from {{ ref('measures') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        measure_id,
        goal_id,
        cast(measure_number as integer) as measure_number,
        measure_name,
        unit,
        direction_of_good,
        cast(decimals as integer) as decimals,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
