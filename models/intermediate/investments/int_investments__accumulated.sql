with

reported_years as (

    select * from {{ ref('int_investments__reported_years') }}

),

totals as (

    select * from {{ ref('stg_investments__project_totals') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

first_stated as (

    select
        organisation_id,
        board_id,
        project_id,
        min(fiscal_year) as fiscal_year

    from totals
    where cost_to_date_sek is not null
    group by organisation_id, board_id, project_id

),

anchors as (

    -- the earliest stated cost to date ties the years down; every later one is a control
    select
        first_stated.organisation_id,
        first_stated.board_id,
        first_stated.project_id,
        totals.cost_to_date_sek,
        reported_years.running_sek,
        reported_years.unknown_year_count

    from first_stated
    inner join totals
        on
            first_stated.organisation_id = totals.organisation_id
            and first_stated.board_id = totals.board_id
            and first_stated.project_id = totals.project_id
            and first_stated.fiscal_year = totals.fiscal_year
    inner join reported_years
        on
            first_stated.organisation_id = reported_years.organisation_id
            and first_stated.board_id = reported_years.board_id
            and first_stated.project_id = reported_years.project_id
            and first_stated.fiscal_year = reported_years.fiscal_year

),

first_entries as (

    select
        organisation_id,
        board_id,
        project_id,
        min(fiscal_year) as fiscal_year

    from reported_years
    where year_sek is not null
    group by organisation_id, board_id, project_id

),

whole_histories as (

    -- without an anchor the years add up to the cost to date only if the project's first year is
    -- among them
    select
        first_entries.organisation_id,
        first_entries.board_id,
        first_entries.project_id

    from first_entries
    inner join projects
        on
            first_entries.organisation_id = projects.organisation_id
            and first_entries.board_id = projects.board_id
            and first_entries.project_id = projects.project_id
            and first_entries.fiscal_year = projects.first_fiscal_year
    where projects.is_current

),

accumulated as (

    select
        reported_years.organisation_id,
        reported_years.board_id,
        reported_years.fiscal_year,
        reported_years.project_id,
        reported_years.year_sek,
        case
            -- a year that is not known, between the anchor and this one, breaks the chain
            when
                anchors.project_id is not null
                and reported_years.unknown_year_count = anchors.unknown_year_count
                then anchors.cost_to_date_sek + reported_years.running_sek - anchors.running_sek
            when whole_histories.project_id is not null
                then reported_years.running_sek
        end as accumulated_sek

    from reported_years
    left join anchors
        on
            reported_years.organisation_id = anchors.organisation_id
            and reported_years.board_id = anchors.board_id
            and reported_years.project_id = anchors.project_id
    left join whole_histories
        on
            reported_years.organisation_id = whole_histories.organisation_id
            and reported_years.board_id = whole_histories.board_id
            and reported_years.project_id = whole_histories.project_id

)

select * from accumulated
