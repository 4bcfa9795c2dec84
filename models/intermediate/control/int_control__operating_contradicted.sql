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

statements as (

    select * from {{ ref('int_control__statements_placed') }}

),

thresholds as (

    select * from {{ ref('stg_reference__thresholds') }}

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
        organisation_id,
        board_id,
        fiscal_year,
        'unexplained_budget_step' as rule_id,
        account as subject,
        'beslut med belopp' as first_side,
        'justerad budget' as second_side,
        amount_sek as difference_sek

    from bridge_steps
    where step_kind = 'unexplained' and not is_explained

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

effects as (

    -- the variance of what a comment names as the cause
    select
        statements.organisation_id,
        statements.board_id,
        statements.fiscal_year,
        statements.subject,
        statements.attribute,
        statements.value,
        activities.variance_net_sek,
        case
            when statements.attribute = 'stated_net_effect' then activities.variance_net_sek
            when statements.attribute = 'stated_revenue_effect' or statements.value = 'revenue'
                then activities.variance_revenue_sek
            when statements.attribute = 'stated_cost_effect' or statements.value = 'cost'
                then activities.variance_cost_sek
        end as effect_sek

    from statements
    inner join activities
        on
            statements.organisation_id = activities.organisation_id
            and statements.board_id = activities.board_id
            and statements.fiscal_year = activities.fiscal_year
            and statements.subject = 'operating/' || activities.activity_code

),

partial_comments as (

    select
        effects.organisation_id,
        effects.board_id,
        effects.fiscal_year,
        'comment_explains_part' as rule_id,
        effects.subject,
        {{ as_tkr('effects.effect_sek') }} || ' (angiven orsak)' as first_side,
        {{ as_tkr('effects.variance_net_sek') }} || ' (avvikelse)' as second_side,
        effects.variance_net_sek - effects.effect_sek as difference_sek

    from effects
    inner join thresholds
        on thresholds.threshold_id = 'operating_comment'
    where
        effects.attribute = 'cause_entry_class'
        and abs(effects.effect_sek) < abs(effects.variance_net_sek)
        and abs(effects.variance_net_sek - effects.effect_sek) >= thresholds.threshold_sek

),

contrary_effects as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'stated_effect_against_figure' as rule_id,
        subject || '/' || replace(replace(attribute, 'stated_', ''), '_effect', '') as subject,
        value as first_side,
        {{ as_tkr('effect_sek') }} as second_side,
        effect_sek as difference_sek

    from effects
    where
        (value = 'favourable' and effect_sek < 0)
        or (value = 'unfavourable' and effect_sek > 0)

),

unexplained_variances as (

    select
        activities.organisation_id,
        activities.board_id,
        activities.fiscal_year,
        'variance_unexplained' as rule_id,
        'operating/' || activities.activity_code as subject,
        {{ as_tkr('activities.variance_net_sek') }} || ' (avvikelse)' as first_side,
        'ingen kommentar' as second_side,
        activities.variance_net_sek as difference_sek

    from activities
    inner join thresholds
        on thresholds.threshold_id = 'operating_comment'
    where
        activities.analysis_number is null
        and abs(activities.variance_net_sek) >= thresholds.threshold_sek

),

contradicted as (

    select * from missed_totals
    union all
    select * from unexplained_steps
    union all
    select * from drivers_beside_variances
    union all
    select * from drivers_beside_result
    union all
    select * from partial_comments
    union all
    select * from contrary_effects
    union all
    select * from unexplained_variances

)

select * from contradicted
