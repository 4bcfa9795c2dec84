with

project_years as (

    select * from {{ ref('int_investments__project_years') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

totals as (

    select * from {{ ref('stg_investments__project_totals') }}

),

fiscal_years as (

    select * from {{ ref('stg_reference__fiscal_years') }}

),

current_projects as (

    select
        organisation_id,
        board_id,
        project_id,
        reported_project_id

    from projects
    where is_current

),

amounts as (

    select
        project_years.organisation_id,
        project_years.board_id,
        project_years.fiscal_year,
        current_projects.reported_project_id as project_id,
        sum(project_years.amount_sek) as year_sek

    from project_years
    inner join current_projects
        on
            project_years.organisation_id = current_projects.organisation_id
            and project_years.board_id = current_projects.board_id
            and project_years.project_id = current_projects.project_id
    group by
        project_years.organisation_id,
        project_years.board_id,
        project_years.fiscal_year,
        current_projects.reported_project_id

),

stated_projects as (

    select
        organisation_id,
        board_id,
        project_id

    from totals
    group by organisation_id, board_id, project_id

),

known_years as (

    select
        organisation_id,
        board_id,
        project_id,
        fiscal_year

    from totals

    union

    select
        organisation_id,
        board_id,
        project_id,
        fiscal_year

    from amounts

),

spans as (

    select
        known_years.organisation_id,
        known_years.board_id,
        known_years.project_id,
        min(known_years.fiscal_year) as first_year,
        max(known_years.fiscal_year) as last_year

    from known_years
    inner join stated_projects
        on
            known_years.organisation_id = stated_projects.organisation_id
            and known_years.board_id = stated_projects.board_id
            and known_years.project_id = stated_projects.project_id
    group by known_years.organisation_id, known_years.board_id, known_years.project_id

),

filled as (

    -- a year outside the project's own entries has no amount: it is not known, which is not the
    -- same as 0
    select
        spans.organisation_id,
        spans.board_id,
        fiscal_years.fiscal_year,
        spans.project_id,
        amounts.year_sek,
        sum(coalesce(amounts.year_sek, 0)) over (
            partition by spans.organisation_id, spans.board_id, spans.project_id
            order by fiscal_years.fiscal_year
            rows between unbounded preceding and current row
        ) as running_sek,
        sum(case when amounts.year_sek is null then 1 else 0 end) over (
            partition by spans.organisation_id, spans.board_id, spans.project_id
            order by fiscal_years.fiscal_year
            rows between unbounded preceding and current row
        ) as unknown_year_count

    from spans
    inner join fiscal_years
        on fiscal_years.fiscal_year between spans.first_year and spans.last_year
    left join amounts
        on
            spans.organisation_id = amounts.organisation_id
            and spans.board_id = amounts.board_id
            and spans.project_id = amounts.project_id
            and fiscal_years.fiscal_year = amounts.fiscal_year

)

select * from filled
