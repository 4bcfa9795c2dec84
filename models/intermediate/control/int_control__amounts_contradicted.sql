with

activities as (

    select * from {{ ref('fct_activity_variance') }}

),

drivers as (

    select * from {{ ref('fct_variance_driver') }}

),

bridge_steps as (

    select * from {{ ref('fct_budget_bridge') }}

),

missed_totals as (

    {%- for scenario in ['actual', 'budget'] %}
    select
        organisation_id,
        board_id,
        fiscal_year,
        'components_miss_total' as rule_id,
        'operating/' || activity_code || '/{{ scenario }}' as subject,
        {{ as_tkr(scenario ~ '_revenue_sek + ' ~ scenario ~ '_cost_sek') }}
        || ' (intäkt och kostnad)' as first_side,
        {{ as_tkr(scenario ~ '_net_sek') }} || ' (netto)' as second_side,
        {{ scenario }}_net_sek
        - {{ scenario }}_revenue_sek
        - {{ scenario }}_cost_sek as difference_sek

    from activities
    where {{ scenario }}_net_sek <> {{ scenario }}_revenue_sek + {{ scenario }}_cost_sek
    {%- if not loop.last %}

    union all

    {%- endif %}
    {%- endfor %}

),

unexplained_steps as (

    select
        steps.organisation_id,
        steps.board_id,
        steps.fiscal_year,
        'unexplained_budget_step' as rule_id,
        steps.account as subject,
        coalesce({{ as_tkr('frames.amount_sek') }}, 'inget belopp')
        || ' (beslutad ram)' as first_side,
        {{ as_tkr('adjusted.amount_sek') }} || ' (justerad budget)' as second_side,
        steps.amount_sek as difference_sek

    from bridge_steps as steps
    left join bridge_steps as frames
        on
            steps.organisation_id = frames.organisation_id
            and steps.board_id = frames.board_id
            and steps.fiscal_year = frames.fiscal_year
            and steps.account = frames.account
            and frames.step_kind = 'frame'
    left join bridge_steps as adjusted
        on
            steps.organisation_id = adjusted.organisation_id
            and steps.board_id = adjusted.board_id
            and steps.fiscal_year = adjusted.fiscal_year
            and steps.account = adjusted.account
            and adjusted.step_kind = 'adjusted'
    where steps.step_kind = 'unexplained' and not steps.is_explained

),

drivers_beside_variances as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'driver_against_variance' as rule_id,
        'driver/' || driver_id as subject,
        {{ as_tkr('amount_sek') }} || ' (orsak)' as first_side,
        {{ as_tkr('variance_sek') }} || ' (avvikelse)' as second_side,
        residual_sek as difference_sek

    from drivers
    -- a driver that leaves some of the variance to others is no contradiction
    where explained_share > 1 or explained_share < 0

),

named as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(amount_sek) as named_sek

    from drivers
    group by organisation_id, board_id, fiscal_year

),

results as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(variance_net_sek) as variance_sek

    from activities
    group by organisation_id, board_id, fiscal_year

),

drivers_beside_result as (

    select
        named.organisation_id,
        named.board_id,
        named.fiscal_year,
        'drivers_against_result' as rule_id,
        'operating/total' as subject,
        {{ as_tkr('named.named_sek') }} || ' (namngivna orsaker)' as first_side,
        {{ as_tkr('results.variance_sek') }} || ' (avvikelse)' as second_side,
        results.variance_sek - named.named_sek as difference_sek

    from named
    inner join results
        on
            named.organisation_id = results.organisation_id
            and named.board_id = results.board_id
            and named.fiscal_year = results.fiscal_year
    where abs(named.named_sek) > abs(results.variance_sek)

),

contradicted as (

    select * from missed_totals
    union all
    select * from unexplained_steps
    union all
    select * from drivers_beside_variances
    union all
    select * from drivers_beside_result

)

select * from contradicted
