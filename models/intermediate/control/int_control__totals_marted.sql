with

activities as (

    select * from {{ ref('fct_activity_variance') }}

),

investments as (

    select * from {{ ref('fct_investment_variance') }}

),

summed as (

    {%- for account, row_source, scenario, column in [
        ('operating', 'activities', 'actual', 'actual_net_sek'),
        ('operating', 'activities', 'budget', 'budget_net_sek'),
        ('operating', 'activities', 'forecast', 'forecast_net_sek'),
        ('investment', 'investments', 'actual', 'actual_sek'),
        ('investment', 'investments', 'budget', 'budget_sek'),
    ] %}
    select
        organisation_id,
        board_id,
        fiscal_year,
        '{{ scenario }}' as scenario,
        '{{ account }}' as account,
        cast(sum({{ column }}) as decimal(18, 2)) as mart_sek

    from {{ row_source }}
    group by organisation_id, board_id, fiscal_year
    {%- if not loop.last %}

    union all

    {%- endif %}
    {%- endfor %}

),

known as (

    select * from summed
    where mart_sek is not null

)

select * from known
