with

versions as (

    select * from {{ ref('int_ledger__versions_ranked') }}

),

step_kinds as (

    select * from {{ ref('stg_reference__bridge_steps') }}

),

budget_versions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account_kind as account,
        version_number,
        version_kind,
        version_name,
        decision_number,
        decided_on,
        amount_sek,
        -- each version tells the whole budget: a step is what it changed
        amount_sek - lag(amount_sek) over (
            partition by organisation_id, board_id, fiscal_year, account_kind
            order by version_number
        ) as change_sek,
        max(case when version_kind = 'original' then 1 else 0 end) over (
            partition by organisation_id, board_id, fiscal_year, account_kind
        ) as original_count

    from versions
    where scenario = 'budget' and account_kind in ('operating', 'investment') and is_declared

),

missing_frames as (

    -- a frame that nobody posted is a step without an amount
    select
        budget_versions.organisation_id,
        budget_versions.board_id,
        budget_versions.fiscal_year,
        budget_versions.account,
        1 as step_number,
        step_kinds.step_kind,
        step_kinds.step_kind_name as step_name,
        cast(null as {{ dbt.type_string() }}) as decision_number,
        cast(null as date) as decided_on,
        cast(null as decimal(18, 2)) as amount_sek

    from budget_versions
    inner join step_kinds
        on step_kinds.step_kind = 'frame'
    where budget_versions.version_number = 1 and budget_versions.original_count = 0

),

posted_steps as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account,
        version_number + 1 - original_count as step_number,
        case when version_kind = 'original' then 'frame' else 'revision' end as step_kind,
        version_name as step_name,
        decision_number,
        decided_on,
        case when version_kind = 'original' then amount_sek else change_sek end as amount_sek

    from budget_versions

),

steps as (

    select * from missing_frames
    union all
    select * from posted_steps

)

select * from steps
