{# A whole number as text, its thousands apart by a comma. #}
{% macro grouped_thousands(number) -%}
    {{ adapter.dispatch("grouped_thousands", "bokslut")(number) }}
{%- endmacro %}

{% macro default__grouped_thousands(number) -%}
    trim(to_char({{ number }}, 'FM999,999,999,999,990'))
{%- endmacro %}

{% macro duckdb__grouped_thousands(number) -%}
    format('{:,}', cast({{ number }} as bigint))
{%- endmacro %}
