with

variances as (

    select * from {{ ref('fct_investment_variance') }}

),

accumulations as (

    select * from {{ ref('fct_project_accumulation') }}

),

carry_overs as (

    select * from {{ ref('fct_carry_over') }}

),

statements as (

    select * from {{ ref('int_control__statements_placed') }}

),

stated_finished as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        subject,
        min(section) as section

    from statements
    where attribute = 'status' and value = 'finished'
    group by organisation_id, board_id, fiscal_year, subject

),

finished_with_forecast_left as (

    select
        accumulations.organisation_id,
        accumulations.board_id,
        accumulations.fiscal_year,
        'finished_with_forecast_left' as rule_id,
        stated_finished.subject,
        'slutfört (' || stated_finished.section || ')' as first_side,
        {{ as_tkr('accumulations.remaining_forecast_sek') }} || ' kvar av prognosen' as second_side,
        accumulations.remaining_forecast_sek as difference_sek

    from accumulations
    inner join stated_finished
        on
            accumulations.organisation_id = stated_finished.organisation_id
            and accumulations.board_id = stated_finished.board_id
            and accumulations.fiscal_year = stated_finished.fiscal_year
            and 'project/' || accumulations.project_id = stated_finished.subject
    where accumulations.remaining_forecast_sek <> 0

),

overspending_unexplained as (

    -- an investment's overspending is explained whatever its size
    select
        organisation_id,
        board_id,
        fiscal_year,
        'overspending_unexplained' as rule_id,
        'project/' || project_id as subject,
        {{ as_tkr('variance_sek') }} || ' (avvikelse)' as first_side,
        'ingen kommentar' as second_side,
        variance_sek as difference_sek

    from variances
    where variance_sek < 0 and analysis_number is null

),

over_total_with_cost_left as (

    select
        accumulations.organisation_id,
        accumulations.board_id,
        accumulations.fiscal_year,
        'over_total_with_cost_left' as rule_id,
        'project/' || accumulations.project_id as subject,
        {{ as_tkr('accumulations.accumulated_sek') }} || ' (kostnad hittills)' as first_side,
        {{ as_tkr('accumulations.total_budget_sek') }} || ' (beslutad totalutgift)' as second_side,
        accumulations.accumulated_sek - accumulations.total_budget_sek as difference_sek

    from accumulations
    left join carry_overs
        on
            accumulations.organisation_id = carry_overs.organisation_id
            and accumulations.board_id = carry_overs.board_id
            and accumulations.fiscal_year = carry_overs.fiscal_year
            and accumulations.project_id = carry_overs.project_id
    where
        accumulations.accumulated_sek < accumulations.total_budget_sek
        and accumulations.remaining_forecast_sek < 0
        and coalesce(accumulations.status, '') <> 'finished'
        and carry_overs.requested_sek is null

),

contradicted as (

    select * from finished_with_forecast_left
    union all
    select * from overspending_unexplained
    union all
    select * from over_total_with_cost_left

)

select * from contradicted
