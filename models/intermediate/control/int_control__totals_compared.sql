with

posted as (

    select * from {{ ref('int_control__totals_posted') }}

),

stated as (

    select * from {{ ref('int_control__totals_stated') }}

),

marted as (

    select * from {{ ref('int_control__totals_marted') }}

),

read_totals as (

    select * from posted
    union all
    select * from stated

),

compared as (

    -- an amount of the marts that nothing was counted for has no source, and is told all the same
    select
        coalesce(read_totals.organisation_id, marted.organisation_id) as organisation_id,
        coalesce(read_totals.board_id, marted.board_id) as board_id,
        coalesce(read_totals.fiscal_year, marted.fiscal_year) as fiscal_year,
        coalesce(read_totals.scenario, marted.scenario) as scenario,
        coalesce(read_totals.version, '') as version,
        coalesce(read_totals.total_source, 'none') as total_source,
        coalesce(read_totals.account, marted.account) as account,
        read_totals.total_status,
        read_totals.row_count,
        read_totals.amount_sek,
        marted.mart_sek

    from read_totals
    full outer join marted
        on
            read_totals.organisation_id = marted.organisation_id
            and read_totals.board_id = marted.board_id
            and read_totals.fiscal_year = marted.fiscal_year
            and read_totals.scenario = marted.scenario
            and read_totals.account = marted.account
            and read_totals.total_status = 'counted'

),

by_version as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        total_source,
        max(case when account = 'operating' then total_status end) as operating_status,
        max(case when account = 'investment' then total_status end) as investment_status,
        sum(row_count) as row_count,
        cast(sum(amount_sek) as decimal(18, 2)) as read_sek,
        cast(
            sum(case when account = 'operating' then amount_sek end) as decimal(18, 2)
        ) as operating_sek,
        cast(
            sum(case when account = 'investment' then amount_sek end) as decimal(18, 2)
        ) as investment_sek,
        cast(
            sum(case when account = 'balance' then amount_sek end) as decimal(18, 2)
        ) as balance_sek,
        cast(
            sum(case when account = 'operating' then mart_sek end) as decimal(18, 2)
        ) as mart_operating_sek,
        cast(
            sum(case when account = 'investment' then mart_sek end) as decimal(18, 2)
        ) as mart_investment_sek

    from compared
    group by organisation_id, board_id, fiscal_year, scenario, version, total_source

)

select * from by_version
