{# A part of a whole as percent (0-100) with six decimals, null where the whole is 0. #}
{% macro percentage(part, whole) -%}
    cast(round(100 * cast({{ part }} as decimal(28, 6)) / nullif(cast({{ whole }} as decimal(28, 6)), 0), 6) as decimal(28, 6))
{%- endmacro %}
