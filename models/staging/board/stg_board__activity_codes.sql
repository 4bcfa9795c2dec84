with

source as (

    select * from {{ ref('activity_codes') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        activity_code,
        activity_name,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
