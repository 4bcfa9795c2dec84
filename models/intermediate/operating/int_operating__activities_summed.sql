{%- set scenarios = ['actual', 'budget'] -%}

with

entries as (

    select * from {{ ref('int_operating__entries_completed') }}

),

summed as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        {%- for scenario in scenarios %}
        count(*) filter (
            where scenario = '{{ scenario }}' and entry_class <> 'unsplit'
        ) as {{ scenario }}_classed_count,
        sum(amount_sek) filter (
            where scenario = '{{ scenario }}' and entry_class = 'revenue'
        ) as {{ scenario }}_revenue_sek,
        sum(amount_sek) filter (
            where scenario = '{{ scenario }}' and entry_class = 'cost'
        ) as {{ scenario }}_cost_sek,
        sum(amount_sek) filter (where scenario = '{{ scenario }}') as {{ scenario }}_net_sek,
        {%- endfor %}
        sum(amount_sek) filter (where scenario = 'forecast') as forecast_net_sek

    from entries
    group by organisation_id, board_id, fiscal_year, activity_code

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        {%- for scenario in scenarios %}
        -- without any classed entry the split is not known, which is not the same as 0
        case
            when {{ scenario }}_classed_count > 0 then coalesce({{ scenario }}_revenue_sek, 0)
        end as {{ scenario }}_revenue_sek,
        case
            when {{ scenario }}_classed_count > 0 then coalesce({{ scenario }}_cost_sek, 0)
        end as {{ scenario }}_cost_sek,
        {{ scenario }}_net_sek,
        {%- endfor %}
        forecast_net_sek

    from summed

)

select * from final
