with

steps as (

    select * from {{ ref('int_operating__bridge_steps') }}

),

decided_steps as (

    select * from {{ ref('int_operating__decided_steps') }}

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
        decided_steps.decision_number,
        decided_steps.decided_on,
        steps.is_explained,
        cast(steps.amount_sek as decimal(18, 2)) as amount_sek

    from steps
    left join decided_steps
        on
            steps.organisation_id = decided_steps.organisation_id
            and steps.board_id = decided_steps.board_id
            and steps.fiscal_year = decided_steps.fiscal_year
            and steps.account = decided_steps.account
            and steps.step_number = decided_steps.step_number

)

select * from final
