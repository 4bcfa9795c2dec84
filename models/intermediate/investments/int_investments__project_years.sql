with

entries as (

    select * from {{ ref('int_investments__entries') }}

),

fiscal_years as (

    select * from {{ ref('stg_reference__fiscal_years') }}

),

amounts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id,
        sum(amount_sek) as amount_sek

    from entries
    where scenario = 'actual'
    group by organisation_id, board_id, fiscal_year, project_id

),

spans as (

    select
        organisation_id,
        board_id,
        project_id,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year

    from amounts
    group by organisation_id, board_id, project_id

),

filled as (

    -- a year without entries between two others cost nothing
    select
        spans.organisation_id,
        spans.board_id,
        fiscal_years.fiscal_year,
        spans.project_id,
        coalesce(amounts.amount_sek, 0) as amount_sek

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
