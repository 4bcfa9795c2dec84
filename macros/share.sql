{# A part of a whole as 0-1 with six decimals, null where the whole is 0: engines differ on decimal division and on x / 0. #}
{% macro share(part, whole) -%}
    cast(round(cast({{ part }} as decimal(28, 6)) / nullif(cast({{ whole }} as decimal(28, 6)), 0), 6) as decimal(18, 6))
{%- endmacro %}
