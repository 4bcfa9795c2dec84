-- decisions stated beside posted budget versions are a control: the frame is the original, and what
-- a decision changed is what the version of that decision changed
with

decisions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account,
        step_kind,
        case when step_kind = 'revision' then decision_number end as decision_number,
        sum(amount_sek) as stated_sek,
        max(scale) as scale,
        min(amount_decimals) as amount_decimals

    from {{ ref('stg_operating__budget_decisions') }}
    where amount_sek is not null
    group by
        organisation_id,
        board_id,
        fiscal_year,
        account,
        step_kind,
        case when step_kind = 'revision' then decision_number end

),

versions as (

    select * from {{ ref('int_operating__version_steps') }}

),

compared as (

    select
        decisions.organisation_id,
        decisions.board_id,
        decisions.fiscal_year,
        decisions.account,
        decisions.step_kind,
        decisions.decision_number,
        decisions.stated_sek,
        decisions.scale,
        decisions.amount_decimals,
        versions.amount_sek as posted_sek

    from decisions
    left join versions
        on
            decisions.organisation_id = versions.organisation_id
            and decisions.board_id = versions.board_id
            and decisions.fiscal_year = versions.fiscal_year
            and decisions.account = versions.account
            and decisions.step_kind = versions.step_kind
            and (
                decisions.step_kind = 'frame'
                or decisions.decision_number = versions.decision_number
            )
    where
        exists (
            select 1
            from versions as posted
            where
                posted.organisation_id = decisions.organisation_id
                and posted.board_id = decisions.board_id
                and posted.fiscal_year = decisions.fiscal_year
                and posted.account = decisions.account
        )

)

select
    {{ key_text([
        'organisation_id',
        'board_id',
        'fiscal_year',
        'account',
        'step_kind',
        'decision_number',
    ]) }} as step_key,
    stated_sek,
    posted_sek
from compared
where stated_sek is distinct from {{ rounded('posted_sek', 'scale', 'amount_decimals') }}
