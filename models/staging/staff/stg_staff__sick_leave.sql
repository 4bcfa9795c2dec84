with

source as (

    select * from {{ ref('sick_leave') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        staff_group,
        cast(employees as integer) as employees,
        cast(scheduled_hours as decimal(28, 6)) as scheduled_hours,
        cast(absent_hours as decimal(28, 6)) as absent_hours,
        cast(long_term_hours as decimal(28, 6)) as long_term_hours,
        coalesce(cast(is_traceable as boolean), false) as is_traceable,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
