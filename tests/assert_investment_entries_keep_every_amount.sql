-- staging and postings to entries: a stated amount counts unless postings or sub-projects tell it
-- in more detail
with

sub_project_amounts as (

    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        projects.parent_project_id

    from {{ ref('stg_investments__project_amounts') }} as amounts
    inner join {{ ref('stg_investments__projects') }} as projects
        on
            amounts.organisation_id = projects.organisation_id
            and amounts.board_id = projects.board_id
            and amounts.fiscal_year = projects.fiscal_year
            and amounts.project_id = projects.project_id

),

stated as (

    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        sum(amounts.amount_sek) as amount_sek

    from {{ ref('stg_investments__project_amounts') }} as amounts
    where
        not exists (
            select 1
            from sub_project_amounts
            where
                sub_project_amounts.organisation_id = amounts.organisation_id
                and sub_project_amounts.board_id = amounts.board_id
                and sub_project_amounts.fiscal_year = amounts.fiscal_year
                and sub_project_amounts.scenario = amounts.scenario
                and sub_project_amounts.parent_project_id = amounts.project_id
        )
    group by amounts.organisation_id, amounts.board_id, amounts.fiscal_year, amounts.scenario

),

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        sum(amount_sek) as amount_sek

    from {{ ref('int_ledger__entries_posted') }}
    where account_kind = 'investment' and is_in_force
    group by organisation_id, board_id, fiscal_year, scenario

),

expected as (

    select
        coalesce(posted.organisation_id, stated.organisation_id) as organisation_id,
        coalesce(posted.board_id, stated.board_id) as board_id,
        coalesce(posted.fiscal_year, stated.fiscal_year) as fiscal_year,
        coalesce(posted.scenario, stated.scenario) as scenario,
        coalesce(posted.amount_sek, stated.amount_sek) as amount_sek

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
        sum(amount_sek) as amount_sek

    from {{ ref('int_investments__entries') }}
    group by organisation_id, board_id, fiscal_year, scenario

)

select
    {{ key_text([
        'expected.organisation_id',
        'expected.board_id',
        'expected.fiscal_year',
        'expected.scenario',
    ]) }} as entry_key,
    expected.amount_sek as expected_sek,
    entered.amount_sek as entered_sek
from expected
full outer join entered
    on
        expected.organisation_id = entered.organisation_id
        and expected.board_id = entered.board_id
        and expected.fiscal_year = entered.fiscal_year
        and expected.scenario = entered.scenario
where expected.amount_sek is distinct from entered.amount_sek
