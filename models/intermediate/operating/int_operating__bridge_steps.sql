with

decided_steps as (

    select * from {{ ref('int_operating__decided_steps') }}

),

step_kinds as (

    select * from {{ ref('stg_reference__bridge_steps') }}

),

operating_entries as (

    select * from {{ ref('int_operating__entries') }}

),

investment_entries as (

    select * from {{ ref('int_investments__entries') }}

),

budgets as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'operating' as account,
        sum(amount_sek) as budget_sek

    from operating_entries
    where scenario = 'budget'
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'investment' as account,
        sum(amount_sek) as budget_sek

    from investment_entries
    where scenario = 'budget'
    group by organisation_id, board_id, fiscal_year

),

decided as (

    -- what the decided steps leave unexplained cannot be known where the frame itself has no amount
    select
        organisation_id,
        board_id,
        fiscal_year,
        account,
        max(step_number) as last_step_number,
        case
            when
                count(case when step_kind = 'frame' and amount_sek is not null then 1 end) > 0
                and count(case when step_kind = 'frame' and amount_sek is null then 1 end) = 0
                then sum(amount_sek)
        end as explained_sek

    from decided_steps
    group by organisation_id, board_id, fiscal_year, account

),

computed as (

    select
        decided.organisation_id,
        decided.board_id,
        decided.fiscal_year,
        decided.account,
        decided.last_step_number,
        decided.explained_sek,
        budgets.budget_sek

    from decided
    left join budgets
        on
            decided.organisation_id = budgets.organisation_id
            and decided.board_id = budgets.board_id
            and decided.fiscal_year = budgets.fiscal_year
            and decided.account = budgets.account

),

unexplained as (

    select
        computed.organisation_id,
        computed.board_id,
        computed.fiscal_year,
        computed.account,
        computed.last_step_number + 1 as step_number,
        step_kinds.step_kind,
        step_kinds.step_kind_name as step_name,
        computed.budget_sek - computed.explained_sek as amount_sek,
        coalesce(computed.budget_sek = computed.explained_sek, false) as is_explained

    from computed
    inner join step_kinds
        on step_kinds.step_kind = 'unexplained'

),

adjusted as (

    select
        computed.organisation_id,
        computed.board_id,
        computed.fiscal_year,
        computed.account,
        computed.last_step_number + 2 as step_number,
        step_kinds.step_kind,
        step_kinds.step_kind_name as step_name,
        computed.budget_sek as amount_sek,
        computed.budget_sek is not null as is_explained

    from computed
    inner join step_kinds
        on step_kinds.step_kind = 'adjusted'

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
        amount_sek,
        amount_sek is not null as is_explained

    from decided_steps

    union all

    select * from unexplained

    union all

    select * from adjusted

)

select * from steps
