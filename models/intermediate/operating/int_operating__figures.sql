with

measures as (

    select * from {{ ref('stg_reference__figure_measures') }}

),

activities as (

    select * from {{ ref('fct_activity_variance') }}

),

income_lines as (

    select * from {{ ref('fct_income_statement') }}

),

bridge_steps as (

    select * from {{ ref('fct_budget_bridge') }}

),

drivers as (

    select * from {{ ref('fct_variance_driver') }}

),

unsplit_codes as (

    select * from {{ ref('int_control__unsplit_codes') }}

),

activity_figures as (

    {{ figure_rows(
        'activities',
        'fct_activity_variance',
        "'operating/' || activities.activity_code",
        [
            'actual_revenue_sek',
            'actual_cost_sek',
            'actual_net_sek',
            'budget_revenue_sek',
            'budget_cost_sek',
            'budget_net_sek',
            'variance_revenue_sek',
            'variance_cost_sek',
            'variance_net_sek',
            'variance_share',
            'explained_sek',
            'residual_sek',
            'prior_actual_net_sek',
            'forecast_net_sek',
        ],
    ) }}

),

activity_totals as (

    -- revenue and cost are known for some codes alone: their totals stand in the income statement
    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_net_sek) as actual_net_sek,
        sum(budget_net_sek) as budget_net_sek,
        sum(variance_net_sek) as variance_net_sek,
        {{ share('sum(variance_net_sek)', 'abs(sum(budget_net_sek))') }} as variance_share,
        sum(prior_actual_net_sek) as prior_actual_net_sek,
        sum(forecast_net_sek) as forecast_net_sek

    from activities
    group by organisation_id, board_id, fiscal_year

),

total_figures as (

    {{ figure_rows('activity_totals', 'fct_activity_variance', "'operating/total'", [
        'actual_net_sek',
        'budget_net_sek',
        'variance_net_sek',
        'variance_share',
        'prior_actual_net_sek',
        'forecast_net_sek',
    ]) }}

),

income_figures as (

    {{ figure_rows('income_lines', 'fct_income_statement', "'result/' || income_lines.line_id", [
        'prior_actual_sek',
        'actual_sek',
        'budget_sek',
        'variance_sek',
        'change_sek',
    ]) }}

),

bridge_keys as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account,
        case
            when step_kind = 'revision'
                then 'revision-' || cast(step_number as {{ dbt.type_string() }})
            else step_kind
        end as step,
        amount_sek

    from bridge_steps

),

bridge_figures as (

    {{ figure_rows(
        'bridge_keys',
        'fct_budget_bridge',
        "'budget/' || bridge_keys.account || '/' || bridge_keys.step",
        [
            'amount_sek',
        ],
        name_is_left_out='amount',
    ) }}

),

driver_figures as (

    {{ figure_rows('drivers', 'fct_variance_driver', "'driver/' || drivers.driver_id", [
        'amount_sek',
        'change_since_forecast_sek',
        'variance_sek',
        'explained_share',
        'residual_sek',
    ]) }}

),

counted_figures as (

    {{ figure_total(
        'activities',
        'fct_activity_variance',
        'operating/total/codes',
        'count(*)',
        'activity_code',
        'count',
    ) }}

    union all

    {{ figure_total(
        'activities',
        'fct_activity_variance',
        'operating/total/analyses',
        'count(analysis_number)',
        'analysis_number',
        'count',
    ) }}

    union all

    {{ figure_total(
        'drivers',
        'fct_variance_driver',
        'driver/total/amount',
        'sum(amount_sek)',
        'amount_sek',
    ) }}

),

unsplit_figures as (

    {%- for part in ['revenue', 'cost', 'net'] %}
    select
        organisation_id,
        board_id,
        fiscal_year,
        'operating/unsplit/' || scenario || '_{{ part }}' as figure_key,
        cast(unsplit_{{ part }}_sek as decimal(28, 6)) as value,
        'sek' as unit,
        'fct_income_statement' as mart_name,
        '{{ part }}' as column_name

    from unsplit_codes
    {%- if not loop.last %}

    union all

    {%- endif %}
    {%- endfor %}

),

figures as (

    select * from activity_figures
    union all
    select * from total_figures
    union all
    select * from income_figures
    union all
    select * from bridge_figures
    union all
    select * from driver_figures
    union all
    select * from counted_figures
    union all
    select * from unsplit_figures

),

known as (

    -- a figure that is not known is no figure
    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key,
        value,
        unit,
        mart_name,
        column_name

    from figures
    where value is not null

)

select * from known
