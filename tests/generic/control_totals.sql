{#
    Totals of a model against the control totals that the board's seeds give for it, exactly; one node a model.
    totals: name -> aggregate expression. With row_key (an expression), a control row that carries a key is held against that row alone.
    A control row whose total is not named here, or whose row is missing, is broken too.
#}
{% test control_totals(model, totals, row_key=none) %}
{%- set groupings = [none, row_key] if row_key else [none] %}
with

controls as (

    select * from {{ ref("stg_control__totals") }}
    where model_name = '{{ model.identifier }}'

),

computed as (

    {%- for name, expression in totals.items() %}
    {%- for key in groupings %}
    select
        organisation_id,
        board_id,
        fiscal_year,
        {% if key %}cast({{ key }} as {{ dbt.type_string() }}){% else %}'-'{% endif %} as row_key,
        '{{ name }}' as total_name,
        cast({{ expression }} as decimal(28, 6)) as computed_value
    from {{ model }}
    group by organisation_id, board_id, fiscal_year{% if key %}, {{ key }}{% endif %}
    {% if not loop.last %} union all {% endif %}
    {%- endfor %}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

)

select
    controls.total_name,
    {{ key_text(["controls.organisation_id", "controls.board_id", "controls.fiscal_year", "controls.row_key"]) }} as control_key,
    controls.value as control_value,
    computed.computed_value
from controls
left join computed
    on
        controls.organisation_id = computed.organisation_id
        and controls.board_id = computed.board_id
        and controls.fiscal_year = computed.fiscal_year
        and coalesce(controls.row_key, '-') = computed.row_key
        and controls.total_name = computed.total_name
where controls.value is distinct from computed.computed_value
{% endtest %}
