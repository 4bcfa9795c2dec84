{# A seed's number as printed times its scale (1, 1000, 1000000); a text that is not a number fails. #}
{% macro scaled(number, scale) -%}
    cast(cast({{ number }} as decimal(28, 6)) * cast({{ scale }} as decimal(7, 0)) as decimal(28, 6))
{%- endmacro %}
