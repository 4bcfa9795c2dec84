select
    years.fiscal_year,
    years.project_id,
    years.project_name,
    years.reported_project_id,
    parents.project_name as reported_project_name,
    years.amount_sek

from marts.fct_project_year as years
inner join marts.fct_investment_variance as parents
    on
        years.organisation_id = parents.organisation_id
        and years.board_id = parents.board_id
        and years.fiscal_year = parents.fiscal_year
        and years.reported_project_id = parents.project_id
where
    years.organisation_id = {{ $organisation_id }}
    and years.board_id = {{ $board_id }}
    and years.fiscal_year = {{ $fiscal_year }}
    and years.project_id <> years.reported_project_id
order by reported_project_name, years.amount_sek, years.project_name
