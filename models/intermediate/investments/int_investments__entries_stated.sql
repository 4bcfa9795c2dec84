with

amounts as (

    select * from {{ ref('stg_investments__project_amounts') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

detailed as (

    -- reported projects that have an amount on a sub-project in this scenario
    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        projects.reported_project_id

    from amounts
    inner join projects
        on
            amounts.organisation_id = projects.organisation_id
            and amounts.board_id = projects.board_id
            and amounts.fiscal_year = projects.fiscal_year
            and amounts.project_id = projects.project_id
    where not projects.is_reported
    group by
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        projects.reported_project_id

),

entries as (

    -- the parent's own amount is then a control, never counted beside its sub-projects
    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        cast(null as integer) as period,
        amounts.scenario,
        cast(null as {{ dbt.type_string() }}) as activity_code,
        amounts.project_id,
        cast(null as {{ dbt.type_string() }}) as account_class,
        'unsplit' as entry_class,
        cast(null as {{ dbt.type_string() }}) as counterparty_class,
        amounts.amount_sek

    from amounts
    left join detailed
        on
            amounts.organisation_id = detailed.organisation_id
            and amounts.board_id = detailed.board_id
            and amounts.fiscal_year = detailed.fiscal_year
            and amounts.scenario = detailed.scenario
            and amounts.project_id = detailed.reported_project_id
    where detailed.reported_project_id is null

)

select * from entries
