{# Kronor and öre from a seed's amount as printed and its scale; a text that is not a number fails. #}
{% macro kronor(amount, scale) -%}
    cast({{ scaled(amount, scale) }} as decimal(18, 2))
{%- endmacro %}
