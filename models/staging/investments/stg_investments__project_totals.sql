with

source as (

    select * from {{ ref('project_totals') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        project_id,
        {{ kronor('cost_to_date', 'scale') }} as cost_to_date_sek,
        {{ stated_decimals('cost_to_date') }} as cost_to_date_decimals,
        {{ kronor('total_forecast', 'scale') }} as total_forecast_sek,
        {{ kronor('total_budget', 'scale') }} as total_budget_sek,
        cast(scale as integer) as scale,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
