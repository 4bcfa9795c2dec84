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

activity_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code as key_part,
        actual_revenue_sek,
        actual_cost_sek,
        actual_net_sek,
        budget_revenue_sek,
        budget_cost_sek,
        budget_net_sek,
        variance_revenue_sek,
        variance_cost_sek,
        variance_net_sek,
        variance_share,
        prior_actual_net_sek,
        forecast_net_sek

    from activities

),

activity_totals as (

    -- revenue and cost are known for some codes alone: their totals stand in the income statement
    select
        organisation_id,
        board_id,
        fiscal_year,
        'total' as key_part,
        cast(null as decimal(18, 2)) as actual_revenue_sek,
        cast(null as decimal(18, 2)) as actual_cost_sek,
        sum(actual_net_sek) as actual_net_sek,
        cast(null as decimal(18, 2)) as budget_revenue_sek,
        cast(null as decimal(18, 2)) as budget_cost_sek,
        sum(budget_net_sek) as budget_net_sek,
        cast(null as decimal(18, 2)) as variance_revenue_sek,
        cast(null as decimal(18, 2)) as variance_cost_sek,
        sum(variance_net_sek) as variance_net_sek,
        {{ share('sum(variance_net_sek)', 'abs(sum(budget_net_sek))') }} as variance_share,
        sum(prior_actual_net_sek) as prior_actual_net_sek,
        sum(forecast_net_sek) as forecast_net_sek

    from activities
    group by organisation_id, board_id, fiscal_year

),

activity_parts as (

    select * from activity_rows
    union all
    select * from activity_totals

),

activity_figures as (

    select
        activity_parts.organisation_id,
        activity_parts.board_id,
        activity_parts.fiscal_year,
        'operating/' || activity_parts.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('activity_parts', [
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
            'prior_actual_net_sek',
            'forecast_net_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from activity_parts
    inner join measures
        on measures.mart_name = 'fct_activity_variance'

),

income_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        line_id as key_part,
        prior_actual_sek,
        actual_sek,
        budget_sek,
        variance_sek,
        change_sek

    from income_lines

),

income_figures as (

    select
        income_rows.organisation_id,
        income_rows.board_id,
        income_rows.fiscal_year,
        'result/' || income_rows.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('income_rows', [
            'prior_actual_sek',
            'actual_sek',
            'budget_sek',
            'variance_sek',
            'change_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from income_rows
    inner join measures
        on measures.mart_name = 'fct_income_statement'

),

bridge_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account || '/' || case
            when step_kind = 'revision' then 'revision-' || cast(step_number as {{ dbt.type_string() }})
            else step_kind
        end as key_part,
        amount_sek

    from bridge_steps

),

bridge_figures as (

    select
        bridge_rows.organisation_id,
        bridge_rows.board_id,
        bridge_rows.fiscal_year,
        'budget/' || bridge_rows.key_part || '' as figure_key,
        {{ figure_value('bridge_rows', [
            'amount_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from bridge_rows
    inner join measures
        on measures.mart_name = 'fct_budget_bridge'

),

driver_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        driver_id as key_part,
        amount_sek,
        change_since_forecast_sek,
        variance_sek,
        explained_share,
        residual_sek

    from drivers

),

driver_figures as (

    select
        driver_rows.organisation_id,
        driver_rows.board_id,
        driver_rows.fiscal_year,
        'driver/' || driver_rows.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('driver_rows', [
            'amount_sek',
            'change_since_forecast_sek',
            'variance_sek',
            'explained_share',
            'residual_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from driver_rows
    inner join measures
        on measures.mart_name = 'fct_variance_driver'

),

driver_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'driver/total/amount' as figure_key,
        cast(sum(amount_sek) as decimal(28, 6)) as value,
        'sek' as unit,
        'fct_variance_driver' as mart_name,
        'amount_sek' as column_name

    from drivers
    group by organisation_id, board_id, fiscal_year

),

activity_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'operating/total/codes' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_activity_variance' as mart_name,
        'activity_code' as column_name

    from activities
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'operating/total/analyses' as figure_key,
        cast(count(analysis_number) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_activity_variance' as mart_name,
        'analysis_number' as column_name

    from activities
    group by organisation_id, board_id, fiscal_year

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
    select * from income_figures
    union all
    select * from bridge_figures
    union all
    select * from driver_figures
    union all
    select * from driver_totals
    union all
    select * from activity_counts
    union all
    select * from unsplit_figures

),

known as (

    -- a figure that is not known is no figure
    select * from figures
    where value is not null

)

select * from known
