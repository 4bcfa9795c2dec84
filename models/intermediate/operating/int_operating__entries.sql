with

posted as (

    select * from {{ ref('int_ledger__entries_posted') }}

),

stated as (

    select * from {{ ref('int_operating__entries_stated') }}

),

posted_operating as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        activity_code,
        project_id,
        account_class,
        entry_class,
        counterparty_class,
        amount_sek

    from posted
    where account_kind = 'operating' and is_in_force

),

posted_scenarios as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario

    from posted_operating
    group by organisation_id, board_id, fiscal_year, scenario

),

stated_alone as (

    -- postings come first; stated amounts of the same scenario are then a control and no entry
    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.period,
        stated.scenario,
        stated.activity_code,
        stated.project_id,
        stated.account_class,
        stated.entry_class,
        stated.counterparty_class,
        stated.amount_sek

    from stated
    left join posted_scenarios
        on
            stated.organisation_id = posted_scenarios.organisation_id
            and stated.board_id = posted_scenarios.board_id
            and stated.fiscal_year = posted_scenarios.fiscal_year
            and stated.scenario = posted_scenarios.scenario
    where posted_scenarios.scenario is null

),

united as (

    select * from posted_operating
    union all
    select * from stated_alone

)

select * from united
