with

source as (

    select * from {{ ref('measure_outcomes') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        measure_id,
        cast(outcome_value as decimal(28, 6)) as outcome_value,
        cast(previous_value as decimal(28, 6)) as previous_value,
        cast(change_from_previous as decimal(28, 6)) as change_from_previous,
        cast(numerator as decimal(28, 6)) as numerator,
        cast(denominator as decimal(28, 6)) as denominator,
        cast(better_count as integer) as better_count,
        cast(group_size as integer) as group_size,
        stated_status,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
