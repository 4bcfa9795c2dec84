with

source as (

    select * from {{ ref('operating_entries') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        scenario,
        activity_code,
        entry_class,
        {{ kronor('amount', 'scale') }} as amount_sek,
        {{ stated_decimals('amount') }} as amount_decimals,
        cast(scale as integer) as scale,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
