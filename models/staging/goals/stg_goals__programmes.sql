with

source as (

    select * from {{ ref('programmes') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        programme_id,
        cast(programme_number as integer) as programme_number,
        programme_name,
        aim,
        follow_up,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
