with

projects as (

    select * from {{ ref('stg_investments__projects') }}

),

resolved as (

    -- a sub-project details its parent, and the parent is what the board reports
    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id,
        project_name,
        list_number,
        parent_project_id,
        coalesce(parent_project_id, project_id) as reported_project_id,
        status,
        first_fiscal_year,
        parent_project_id is null as is_reported,
        row_number() over (
            partition by organisation_id, board_id, project_id
            order by fiscal_year desc
        ) = 1 as is_current

    from projects

)

select * from resolved
