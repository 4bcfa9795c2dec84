with

steps as (

    select * from {{ ref('int_operating__bridge_steps') }}

),

decisions as (

    select * from {{ ref('stg_operating__budget_decisions') }}

),

final as (

    select
        steps.organisation_id,
        steps.board_id,
        steps.fiscal_year,
        steps.account,
        steps.step_number,
        steps.step_kind,
        steps.step_name,
        decisions.decision_number,
        decisions.decided_on,
        steps.is_explained,
        cast(steps.amount_sek as decimal(18, 2)) as amount_sek

    from steps
    left join decisions
        on
            steps.organisation_id = decisions.organisation_id
            and steps.board_id = decisions.board_id
            and steps.fiscal_year = decisions.fiscal_year
            and steps.account = decisions.account
            and steps.step_number = decisions.step_number

)

select * from final
