-- Which projects pass their approved total, by how much, and what is left to spend? The last row
-- of a board and year is their sum.
with

accumulation as (

    select * from {{ ref('fct_project_accumulation') }}

),

projects as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_name,
        status,
        1 as project_count,
        total_budget_sek,
        total_forecast_sek,
        accumulated_sek,
        forecast_variance_sek,
        {{ share('forecast_variance_sek', 'abs(total_budget_sek)') }} as forecast_variance_share,
        remaining_forecast_sek

    from accumulation

),

totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'Summa' as project_name,
        cast(null as {{ dbt.type_string() }}) as status,
        count(*) as project_count,
        sum(total_budget_sek) as total_budget_sek,
        sum(total_forecast_sek) as total_forecast_sek,
        sum(accumulated_sek) as accumulated_sek,
        sum(forecast_variance_sek) as forecast_variance_sek,
        {{ share('sum(forecast_variance_sek)', 'abs(sum(total_budget_sek))') }}
            as forecast_variance_share,
        sum(remaining_forecast_sek) as remaining_forecast_sek

    from accumulation
    group by organisation_id, board_id, fiscal_year

),

united as (

    select * from projects
    union all
    select * from totals

)

select * from united
order by organisation_id, board_id, fiscal_year, project_count, forecast_variance_sek, project_name
