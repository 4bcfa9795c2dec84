with

forecasts as (

    select * from {{ ref('int_operating__forecasts_summed') }}

),

outcomes as (

    select * from {{ ref('int_operating__outcomes_closed') }}

),

compared as (

    select
        forecasts.organisation_id,
        forecasts.board_id,
        forecasts.fiscal_year,
        forecasts.version,
        forecasts.activity_code,
        -- a forecast that stands alone needs no name of its own
        coalesce(forecasts.version_name, 'Prognos') as version_name,
        forecasts.made_on,
        forecasts.activity_name,
        forecasts.forecast_sek,
        outcomes.actual_net_sek as actual_sek,
        outcomes.actual_net_sek - forecasts.forecast_sek as error_sek

    from forecasts
    left join outcomes
        on
            forecasts.organisation_id = outcomes.organisation_id
            and forecasts.board_id = outcomes.board_id
            and forecasts.fiscal_year = outcomes.fiscal_year
            and forecasts.activity_code = outcomes.activity_code

),

biases as (

    select
        organisation_id,
        board_id,
        activity_code,
        count(error_sek) as forecast_count,
        {{ share('sum(error_sek)', 'count(error_sek)') }} as mean_error_sek

    from compared
    group by organisation_id, board_id, activity_code

),

final as (

    select
        compared.organisation_id,
        compared.board_id,
        compared.fiscal_year,
        compared.version,
        compared.activity_code,
        compared.version_name,
        compared.made_on,
        compared.activity_name,
        compared.forecast_sek,
        cast(compared.actual_sek as decimal(18, 2)) as actual_sek,
        cast(compared.error_sek as decimal(18, 2)) as error_sek,
        {{ share('compared.error_sek', 'abs(compared.forecast_sek)') }} as error_share,
        cast({{ rounded('biases.mean_error_sek', 1, 2) }} as decimal(18, 2)) as bias_sek,
        cast(biases.forecast_count as integer) as forecast_count

    from compared
    inner join biases
        on
            compared.organisation_id = biases.organisation_id
            and compared.board_id = biases.board_id
            and compared.activity_code = biases.activity_code

)

select * from final
