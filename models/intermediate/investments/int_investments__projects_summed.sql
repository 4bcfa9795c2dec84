with

entries as (

    select * from {{ ref('int_investments__entries') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

scenarios as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        count(case when scenario = 'actual' then 1 end) > 0 as has_actual,
        count(case when scenario = 'budget' then 1 end) > 0 as has_budget

    from entries
    group by organisation_id, board_id, fiscal_year

),

by_reported_project as (

    select
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        projects.reported_project_id,
        sum(case when entries.scenario = 'actual' then entries.amount_sek end) as actual_sek,
        sum(case when entries.scenario = 'budget' then entries.amount_sek end) as budget_sek

    from projects
    left join entries
        on
            projects.organisation_id = entries.organisation_id
            and projects.board_id = entries.board_id
            and projects.fiscal_year = entries.fiscal_year
            and projects.project_id = entries.project_id
    group by
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        projects.reported_project_id

),

completed as (

    -- a project without entries has a 0 there, if the board has others of that scenario
    select
        by_reported_project.organisation_id,
        by_reported_project.board_id,
        by_reported_project.fiscal_year,
        by_reported_project.reported_project_id as project_id,
        case
            when scenarios.has_actual then coalesce(by_reported_project.actual_sek, 0)
        end as actual_sek,
        case
            when scenarios.has_budget then coalesce(by_reported_project.budget_sek, 0)
        end as budget_sek

    from by_reported_project
    left join scenarios
        on
            by_reported_project.organisation_id = scenarios.organisation_id
            and by_reported_project.board_id = scenarios.board_id
            and by_reported_project.fiscal_year = scenarios.fiscal_year

)

select * from completed
