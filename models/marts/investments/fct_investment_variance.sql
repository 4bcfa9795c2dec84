with

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

sums as (

    select * from {{ ref('int_investments__projects_summed') }}

),

mandates as (

    select * from {{ ref('stg_investments__mandates') }}

),

comments as (

    select * from {{ ref('stg_investments__comments') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

final as (

    select
        projects.organisation_id,
        projects.board_id,
        projects.fiscal_year,
        projects.project_id,
        projects.project_name,
        projects.list_number,
        projects.status,
        statuses.status_name,
        comments.analysis_number,
        comments.comment as analysis_comment,
        cast(sums.actual_sek as decimal(18, 2)) as actual_sek,
        cast(sums.budget_sek as decimal(18, 2)) as budget_sek,
        mandates.mandate_sek,
        cast(sums.actual_sek - sums.budget_sek as decimal(18, 2)) as variance_sek

    from projects
    left join sums
        on
            projects.organisation_id = sums.organisation_id
            and projects.board_id = sums.board_id
            and projects.fiscal_year = sums.fiscal_year
            and projects.project_id = sums.project_id
    left join mandates
        on
            projects.organisation_id = mandates.organisation_id
            and projects.board_id = mandates.board_id
            and projects.fiscal_year = mandates.fiscal_year
            and projects.project_id = mandates.project_id
    left join comments
        on
            projects.organisation_id = comments.organisation_id
            and projects.board_id = comments.board_id
            and projects.fiscal_year = comments.fiscal_year
            and projects.project_id = comments.project_id
    left join statuses
        on
            statuses.subject = 'project'
            and projects.status = statuses.status
    where projects.is_reported

)

select * from final
