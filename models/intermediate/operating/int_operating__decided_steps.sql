with

version_steps as (

    select * from {{ ref('int_operating__version_steps') }}

),

decisions as (

    select * from {{ ref('stg_operating__budget_decisions') }}

),

accounts_with_versions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account

    from version_steps
    group by organisation_id, board_id, fiscal_year, account

),

decisions_alone as (

    -- posted versions come first; decisions stated beside them are then a control and no step
    select
        decisions.organisation_id,
        decisions.board_id,
        decisions.fiscal_year,
        decisions.account,
        decisions.step_number,
        decisions.step_kind,
        decisions.step_name,
        decisions.decision_number,
        decisions.decided_on,
        decisions.amount_sek

    from decisions
    left join accounts_with_versions
        on
            decisions.organisation_id = accounts_with_versions.organisation_id
            and decisions.board_id = accounts_with_versions.board_id
            and decisions.fiscal_year = accounts_with_versions.fiscal_year
            and decisions.account = accounts_with_versions.account
    where accounts_with_versions.account is null

),

steps as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account,
        step_number,
        step_kind,
        step_name,
        decision_number,
        decided_on,
        amount_sek

    from version_steps

    union all

    select * from decisions_alone

)

select * from steps
