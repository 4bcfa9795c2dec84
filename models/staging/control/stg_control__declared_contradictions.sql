with

source as (

    select * from {{ ref('declared_contradictions') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        contradiction_id,
        reason,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
