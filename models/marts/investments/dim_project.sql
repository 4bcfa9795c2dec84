with

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

aliases as (

    select * from {{ ref('stg_investments__project_aliases') }}

),

distinct_aliases as (

    select
        organisation_id,
        board_id,
        project_id,
        alias

    from aliases
    group by organisation_id, board_id, project_id, alias

),

listed as (

    select
        organisation_id,
        board_id,
        project_id,
        {{ dbt.listagg('alias', "'; '", 'order by alias') }} as aliases

    from distinct_aliases
    group by organisation_id, board_id, project_id

),

final as (

    select
        projects.organisation_id,
        projects.board_id,
        projects.project_id,
        projects.project_name,
        projects.parent_project_id,
        projects.reported_project_id,
        listed.aliases,
        projects.fiscal_year as last_fiscal_year,
        projects.is_reported

    from projects
    left join listed
        on
            projects.organisation_id = listed.organisation_id
            and projects.board_id = listed.board_id
            and projects.project_id = listed.project_id
    where projects.is_current

)

select * from final
