-- staging and postings to entries: each board, year and scenario keeps its whole net, from one
-- source alone
with

stated_nets as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        activity_code,
        coalesce(
            max(case when entry_class = 'net' then amount_sek end),
            sum(case when entry_class <> 'net' then amount_sek end)
        ) as net_sek

    from {{ ref('stg_operating__entries') }}
    group by organisation_id, board_id, fiscal_year, scenario, activity_code

),

stated as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        sum(net_sek) as net_sek

    from stated_nets
    group by organisation_id, board_id, fiscal_year, scenario

),

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        sum(amount_sek) as net_sek

    from {{ ref('int_ledger__entries_posted') }}
    where account_kind = 'operating' and is_in_force
    group by organisation_id, board_id, fiscal_year, scenario

),

expected as (

    select
        coalesce(posted.organisation_id, stated.organisation_id) as organisation_id,
        coalesce(posted.board_id, stated.board_id) as board_id,
        coalesce(posted.fiscal_year, stated.fiscal_year) as fiscal_year,
        coalesce(posted.scenario, stated.scenario) as scenario,
        coalesce(posted.net_sek, stated.net_sek) as net_sek

    from stated
    full outer join posted
        on
            stated.organisation_id = posted.organisation_id
            and stated.board_id = posted.board_id
            and stated.fiscal_year = posted.fiscal_year
            and stated.scenario = posted.scenario

),

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        sum(amount_sek) as net_sek

    from {{ ref('int_operating__entries') }}
    group by organisation_id, board_id, fiscal_year, scenario

)

select
    {{ key_text([
        'expected.organisation_id',
        'expected.board_id',
        'expected.fiscal_year',
        'expected.scenario',
    ]) }} as entry_key,
    expected.net_sek as expected_sek,
    entered.net_sek as entered_sek
from expected
full outer join entered
    on
        expected.organisation_id = entered.organisation_id
        and expected.board_id = entered.board_id
        and expected.fiscal_year = entered.fiscal_year
        and expected.scenario = entered.scenario
where expected.net_sek is distinct from entered.net_sek
