with

sums as (

    -- a sub-project counts with its parent, which is what the board reports
    select
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        coalesce(projects.parent_project_id, projects.project_id) as project_id,
        sum(case when entries_in_force.scenario = 'actual' then entries_in_force.amount_sek end)
            as actual_sek,
        sum(case when entries_in_force.scenario = 'budget' then entries_in_force.amount_sek end)
            as budget_sek

    from projects
    inner join entries_in_force
        on
            projects.organisation_id = entries_in_force.organisation_id
            and projects.board_id = entries_in_force.board_id
            and projects.fiscal_year = entries_in_force.fiscal_year
            and projects.project_id = entries_in_force.project_id
            and entries_in_force.account_kind = 'investment'
    group by
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        coalesce(projects.parent_project_id, projects.project_id)

),

joined as (

    select
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        projects.project_id,
        case when boards.has_actual then coalesce(sums.actual_sek, 0) end as actual_sek,
        case when boards.has_budget then coalesce(sums.budget_sek, 0) end as budget_sek,
        mandates.mandate_sek

    from projects
    left join sums
        on
            projects.organisation_id = sums.organisation_id
            and projects.board_id = sums.board_id
            and projects.fiscal_year = sums.fiscal_year
            and projects.project_id = sums.project_id
    left join boards_posted as boards
        on
            projects.organisation_id = boards.organisation_id
            and projects.board_id = boards.board_id
            and projects.fiscal_year = boards.fiscal_year
            and boards.account_kind = 'investment'
    left join mandates
        on
            projects.organisation_id = mandates.organisation_id
            and projects.board_id = mandates.board_id
            and projects.fiscal_year = mandates.fiscal_year
            and projects.project_id = mandates.project_id
    where projects.parent_project_id is null

)

select
    organisation_id,
    board_id,
    fiscal_year,
    project_id,
    cast(actual_sek as decimal(18, 2)) as actual_sek,
    cast(budget_sek as decimal(18, 2)) as budget_sek,
    cast(mandate_sek as decimal(18, 2)) as mandate_sek,
    cast(actual_sek - budget_sek as decimal(18, 2)) as variance_sek
from joined
