select
    variances.fiscal_year,
    variances.project_id,
    variances.project_name,
    variances.list_number,
    variances.status_name,
    variances.analysis_comment,
    variances.actual_sek,
    variances.budget_sek,
    variances.mandate_sek,
    variances.variance_sek,
    projects.aliases

from marts.fct_investment_variance as variances
left join marts.dim_project as projects
    on
        variances.organisation_id = projects.organisation_id
        and variances.board_id = projects.board_id
        and variances.project_id = projects.project_id
where
    variances.organisation_id = {{ $organisation_id }}
    and variances.board_id = {{ $board_id }}
    and variances.fiscal_year = {{ $fiscal_year }}
order by variances.list_number, variances.project_id
