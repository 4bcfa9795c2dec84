-- How good are our forecasts? Each forecast of a closed year against what it became, with the code
-- that it missed most, and whether that code is missed the same way each time.
with

accuracy as (

    select * from {{ ref('fct_forecast_accuracy') }}

),

known as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        version_name,
        made_on,
        activity_code,
        activity_name,
        forecast_sek,
        actual_sek,
        error_sek,
        bias_sek,
        forecast_count,
        row_number() over (
            partition by organisation_id, board_id, fiscal_year, version
            order by abs(error_sek) desc, activity_code
        ) as miss_rank

    from accuracy
    where error_sek is not null

),

summed as (

    -- errors of codes cancel out in the net, and not in the mean of their sizes
    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        version_name,
        made_on,
        sum(forecast_sek) as forecast_sek,
        sum(actual_sek) as actual_sek,
        sum(error_sek) as error_sek,
        {{ share('sum(error_sek)', 'abs(sum(forecast_sek))') }} as error_share,
        sum(abs(error_sek)) as absolute_error_sek,
        max(case when miss_rank = 1 then activity_code end) as most_missed_code,
        max(case when miss_rank = 1 then activity_name end) as most_missed_name,
        max(case when miss_rank = 1 then error_sek end) as most_missed_sek,
        max(case when miss_rank = 1 then bias_sek end) as most_missed_bias_sek,
        max(case when miss_rank = 1 then forecast_count end) as most_missed_forecast_count

    from known
    group by organisation_id, board_id, fiscal_year, version, version_name, made_on

)

select * from summed
order by organisation_id, board_id, fiscal_year, made_on, version
