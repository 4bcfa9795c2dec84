with

source as (

    select * from {{ ref('variance_drivers') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        driver_id,
        driver_name,
        activity_code,
        {{ kronor('amount', 'scale') }} as amount_sek,
        qualifier,
        -{{ kronor('cost_increase_since_forecast', 'cost_increase_scale') }}
            as change_since_forecast_sek,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
