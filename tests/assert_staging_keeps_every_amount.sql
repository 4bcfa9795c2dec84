-- raw text to staging: each amount arrives whole, with the sign of the house; added up here
-- before it is scaled
{% set amounts = [
    ('operating_entries', 'amount', 'scale', 'stg_operating__entries', 'amount_sek', 1),
    ('result_lines', 'prior_actual', 'scale', 'stg_operating__result_lines', 'prior_actual_sek', 1),
    ('result_lines', 'actual', 'scale', 'stg_operating__result_lines', 'actual_sek', 1),
    ('result_lines', 'budget', 'scale', 'stg_operating__result_lines', 'budget_sek', 1),
    ('budget_decisions', 'net_cost', 'scale', 'stg_operating__budget_decisions', 'amount_sek', -1),
    ('budget_versions', 'net_cost', 'scale', 'stg_operating__budget_versions', 'net_sek', -1),
    ('variance_drivers', 'amount', 'scale', 'stg_operating__drivers', 'amount_sek', 1),
    ('variance_drivers', 'cost_increase_since_forecast', 'cost_increase_scale', 'stg_operating__drivers', 'change_since_forecast_sek', -1),
    ('project_amounts', 'amount', 'scale', 'stg_investments__project_amounts', 'amount_sek', 1),
    ('project_totals', 'cost_to_date', 'scale', 'stg_investments__project_totals', 'cost_to_date_sek', 1),
    ('project_totals', 'total_forecast', 'scale', 'stg_investments__project_totals', 'total_forecast_sek', 1),
    ('project_totals', 'total_budget', 'scale', 'stg_investments__project_totals', 'total_budget_sek', 1),
    ('carry_over_requests', 'requested', 'scale', 'stg_investments__carry_over_requests', 'requested_sek', 1),
    ('mandates', 'mandated_cost', 'scale', 'stg_investments__mandates', 'mandate_sek', -1),
    ('assignments', 'amount', 'scale', 'stg_goals__assignments', 'amount_sek', 1),
    ('indicator_values', 'value', 'scale', 'stg_goals__indicator_values', 'value', 1),
    ('sick_leave', 'scheduled_hours', "'1'", 'stg_staff__sick_leave', 'scheduled_hours', 1),
    ('sick_leave', 'absent_hours', "'1'", 'stg_staff__sick_leave', 'absent_hours', 1),
    ('sick_leave', 'long_term_hours', "'1'", 'stg_staff__sick_leave', 'long_term_hours', 1),
    ('control_totals', 'value', 'scale', 'stg_control__totals', 'value', 1),
] %}

with

compared as (

    {%- for seed, raw_column, scale_column, model, column, sign in amounts %}
    select
        '{{ seed }}.{{ raw_column }}' as amount_name,
        (
            select
                {{ sign }} * (
                    0
                    {%- for scale in [1, 1000, 1000000] %}
                    + {{ scale }} * coalesce(sum(
                        case
                            when {{ scale_column }} = '{{ scale }}'
                                then cast({{ raw_column }} as decimal(28, 6))
                        end
                    ), 0)
                    {%- endfor %}
                )
            from {{ ref(seed) }}
        ) as raw_amount,
        (select coalesce(sum({{ column }}), 0) from {{ ref(model) }}) as staged_amount,
        (select count({{ raw_column }}) from {{ ref(seed) }}) as raw_count,
        (select count({{ column }}) from {{ ref(model) }}) as staged_count
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from compared
where raw_amount is distinct from staged_amount or raw_count <> staged_count
