with

activities as (

    select * from {{ ref('fct_activity_variance') }}

),

statements as (

    select * from {{ ref('int_control__statements_placed') }}

),

thresholds as (

    select * from {{ ref('stg_reference__thresholds') }}

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
        statements.value_name,
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
        and abs(effects.variance_net_sek - effects.effect_sek) >= thresholds.threshold_value

),

contrary_effects as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'stated_effect_against_figure' as rule_id,
        subject || '/' || replace(replace(attribute, 'stated_', ''), '_effect', '') as subject,
        value_name as first_side,
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
        and abs(activities.variance_net_sek) >= thresholds.threshold_value

),

contradicted as (

    select * from partial_comments
    union all
    select * from contrary_effects
    union all
    select * from unexplained_variances

)

select * from contradicted
