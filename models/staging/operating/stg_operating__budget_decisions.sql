with

source as (

    select * from {{ ref('budget_decisions') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        account,
        cast(step_number as integer) as step_number,
        step_kind,
        step_name,
        -{{ kronor('net_cost', 'scale') }} as amount_sek,
        {{ stated_decimals('net_cost') }} as amount_decimals,
        cast(scale as integer) as scale,
        decision_number,
        cast(decided_on as date) as decided_on,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
