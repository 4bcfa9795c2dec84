with

source as (

    select * from {{ ref('project_amounts') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        project_id,
        scenario,
        {{ kronor('amount', 'scale') }} as amount_sek,
        {{ stated_decimals('amount') }} as amount_decimals,
        cast(scale as integer) as scale,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
