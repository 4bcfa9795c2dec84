select
    accumulations.fiscal_year,
    accumulations.project_id,
    accumulations.project_name,
    accumulations.status_name,
    accumulations.opening_sek,
    accumulations.year_sek,
    accumulations.accumulated_sek,
    accumulations.total_budget_sek,
    accumulations.total_forecast_sek,
    accumulations.forecast_variance_sek,
    accumulations.remaining_forecast_sek,
    investments.project_id is not null as has_page

from marts.fct_project_accumulation as accumulations
left join marts.fct_investment_variance as investments
    on
        accumulations.organisation_id = investments.organisation_id
        and accumulations.board_id = investments.board_id
        and accumulations.fiscal_year = investments.fiscal_year
        and accumulations.project_id = investments.project_id
where
    accumulations.organisation_id = {{ $organisation_id }}
    and accumulations.board_id = {{ $board_id }}
    and accumulations.fiscal_year = {{ $fiscal_year }}
order by accumulations.forecast_variance_sek, accumulations.project_name
