-- A control total is of a model that declares control totals: no other test would read it.
{%- set held = [] %}
{%- if execute %}
    {%- for node in graph.nodes.values() if node.resource_type == "test" and node.test_metadata %}
        {%- if node.test_metadata.kwargs.totals %} {%- do held.append(node.attached_node.split(".") | last) %} {%- endif %}
    {%- endfor %}
{%- endif %}
select
    organisation_id,
    board_id,
    fiscal_year,
    model_name,
    total_name
from {{ ref('stg_control__totals') }}
where model_name not in ('{{ held | sort | join("', '") }}')
