with

lines as (

    select * from {{ ref('stg_operating__result_lines') }}

),

posted as (

    select * from {{ ref('int_ledger__entries_posted') }}

),

scenarios as (

    select 'actual' as scenario
    union all
    select 'budget' as scenario

),

posted_operating as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account_class,
        entry_class,
        sum(amount_sek) as amount_sek

    from posted
    where account_kind = 'operating' and is_in_force and scenario in ('actual', 'budget')
    group by organisation_id, board_id, fiscal_year, scenario, account_class, entry_class

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

stated as (

    select
        lines.organisation_id,
        lines.board_id,
        lines.fiscal_year,
        lines.line_number,
        lines.line_role,
        lines.account_class,
        scenarios.scenario,
        case
            when scenarios.scenario = 'actual' then lines.actual_sek else lines.budget_sek
        end as stated_sek

    from lines
    cross join scenarios
    where lines.line_role <> 'result'

),

amounts as (

    -- postings come first; a posted scenario without a matching posting is 0 on that line
    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.line_number,
        stated.line_role,
        stated.account_class,
        stated.scenario,
        case
            when max(posted_scenarios.scenario) is null then max(stated.stated_sek)
            else coalesce(sum(posted_operating.amount_sek), 0)
        end as amount_sek

    from stated
    left join posted_scenarios
        on
            stated.organisation_id = posted_scenarios.organisation_id
            and stated.board_id = posted_scenarios.board_id
            and stated.fiscal_year = posted_scenarios.fiscal_year
            and stated.scenario = posted_scenarios.scenario
    left join posted_operating
        on
            stated.organisation_id = posted_operating.organisation_id
            and stated.board_id = posted_operating.board_id
            and stated.fiscal_year = posted_operating.fiscal_year
            and stated.scenario = posted_operating.scenario
            and (
                stated.line_role = posted_operating.entry_class
                or (
                    stated.line_role = 'memo'
                    and stated.account_class = posted_operating.account_class
                )
            )
    group by
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.line_number,
        stated.line_role,
        stated.account_class,
        stated.scenario

)

select * from amounts
