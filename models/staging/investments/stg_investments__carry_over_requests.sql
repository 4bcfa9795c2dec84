with

source as (

    select * from {{ ref('carry_over_requests') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        project_id,
        {{ kronor('requested', 'scale') }} as requested_sek,
        cast(to_fiscal_year as integer) as to_fiscal_year,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
