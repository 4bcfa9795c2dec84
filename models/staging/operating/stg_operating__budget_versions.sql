with

source as (

    select * from {{ ref('budget_versions') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        version,
        version_kind,
        version_name,
        cast(decided_on as date) as decided_on,
        decision_number,
        -{{ kronor('net_cost', 'scale') }} as net_sek,
        {{ stated_decimals('net_cost') }} as net_decimals,
        cast(scale as integer) as scale,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
