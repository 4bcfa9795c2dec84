{# The names of the models that declare control totals, as literals of a list; at parse time none is known. #}
{% macro models_with_totals() -%}
    {%- set held = ["''"] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == "test" and node.test_metadata and node.test_metadata.kwargs.totals -%}
            {%- do held.append("'" ~ node.attached_node.split(".")[-1] ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ held | sort | join(",\n    ") }}
{%- endmacro %}
