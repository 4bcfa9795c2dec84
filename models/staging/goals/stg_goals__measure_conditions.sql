with

source as (

    select * from {{ ref('measure_conditions') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        measure_id,
        cast(condition_number as integer) as condition_number,
        comparator,
        cast(target_value as decimal(28, 6)) as target_value,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
