with

project_years as (

    select * from {{ ref('int_investments__project_years') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

final as (

    -- a year that only fills a gap has no printed name: it shows the current one
    select
        project_years.organisation_id,
        project_years.board_id,
        project_years.fiscal_year,
        project_years.project_id,
        coalesce(projects.reported_project_id, projects_now.reported_project_id)
            as reported_project_id,
        coalesce(projects.project_name, projects_now.project_name) as project_name,
        cast(project_years.amount_sek as decimal(18, 2)) as amount_sek

    from project_years
    left join projects
        on
            project_years.organisation_id = projects.organisation_id
            and project_years.board_id = projects.board_id
            and project_years.fiscal_year = projects.fiscal_year
            and project_years.project_id = projects.project_id
    left join projects as projects_now
        on
            project_years.organisation_id = projects_now.organisation_id
            and project_years.board_id = projects_now.board_id
            and project_years.project_id = projects_now.project_id
            and projects_now.is_current

)

select * from final
