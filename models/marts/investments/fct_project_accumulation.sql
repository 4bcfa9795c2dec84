with

accumulated as (

    select * from {{ ref('int_investments__accumulated') }}

),

totals as (

    select * from {{ ref('stg_investments__project_totals') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

last_totals as (

    -- the last year up to this one that states it: a budget or forecast holds until the next
    select
        accumulated.organisation_id,
        accumulated.board_id,
        accumulated.fiscal_year,
        accumulated.project_id,
        max(
            case when totals.total_budget_sek is not null then totals.fiscal_year end
        ) as budget_stated_in,
        max(
            case when totals.total_forecast_sek is not null then totals.fiscal_year end
        ) as forecast_stated_in

    from accumulated
    inner join totals
        on
            accumulated.organisation_id = totals.organisation_id
            and accumulated.board_id = totals.board_id
            and accumulated.project_id = totals.project_id
            and accumulated.fiscal_year >= totals.fiscal_year
    group by
        accumulated.organisation_id,
        accumulated.board_id,
        accumulated.fiscal_year,
        accumulated.project_id

),

joined as (

    select
        accumulated.organisation_id,
        accumulated.board_id,
        accumulated.fiscal_year,
        accumulated.project_id,
        coalesce(projects.project_name, projects_now.project_name) as project_name,
        projects.status,
        statuses.status_name,
        accumulated.year_sek,
        accumulated.accumulated_sek,
        budgets.total_budget_sek,
        forecasts.total_forecast_sek

    from accumulated
    left join last_totals
        on
            accumulated.organisation_id = last_totals.organisation_id
            and accumulated.board_id = last_totals.board_id
            and accumulated.fiscal_year = last_totals.fiscal_year
            and accumulated.project_id = last_totals.project_id
    left join totals as budgets
        on
            last_totals.organisation_id = budgets.organisation_id
            and last_totals.board_id = budgets.board_id
            and last_totals.budget_stated_in = budgets.fiscal_year
            and last_totals.project_id = budgets.project_id
    left join totals as forecasts
        on
            last_totals.organisation_id = forecasts.organisation_id
            and last_totals.board_id = forecasts.board_id
            and last_totals.forecast_stated_in = forecasts.fiscal_year
            and last_totals.project_id = forecasts.project_id
    left join projects
        on
            accumulated.organisation_id = projects.organisation_id
            and accumulated.board_id = projects.board_id
            and accumulated.fiscal_year = projects.fiscal_year
            and accumulated.project_id = projects.project_id
    left join projects as projects_now
        on
            accumulated.organisation_id = projects_now.organisation_id
            and accumulated.board_id = projects_now.board_id
            and accumulated.project_id = projects_now.project_id
            and projects_now.is_current
    left join statuses
        on
            statuses.subject = 'project'
            and projects.status = statuses.status

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id,
        project_name,
        status,
        status_name,
        cast(accumulated_sek - year_sek as decimal(18, 2)) as opening_sek,
        cast(year_sek as decimal(18, 2)) as year_sek,
        cast(accumulated_sek as decimal(18, 2)) as accumulated_sek,
        total_budget_sek,
        total_forecast_sek,
        cast(total_forecast_sek - total_budget_sek as decimal(18, 2)) as forecast_variance_sek,
        cast(total_forecast_sek - accumulated_sek as decimal(18, 2)) as remaining_forecast_sek

    from joined

)

select * from final
