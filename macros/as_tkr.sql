{# An amount in kronor as a short text in tkr, for the two sides of a contradiction; rounded half away from zero. #}
{% macro as_tkr(amount) -%}
    cast(cast({{ rounded(amount, 1000, 0) }} / 1000 as decimal(18, 0)) as {{ dbt.type_string() }}) || ' tkr'
{%- endmacro %}
