{# True when the whole text matches a regular expression of the simple kind (classes, counts, groups). #}
{% macro matches(expression, pattern) -%}
    {{ adapter.dispatch("matches", "bokslut")(expression, pattern) }}
{%- endmacro %}

{% macro default__matches(expression, pattern) -%}
    ({{ expression }} ~ '^({{ pattern }})$')
{%- endmacro %}

{% macro duckdb__matches(expression, pattern) -%}
    regexp_full_match({{ expression }}, '{{ pattern }}')
{%- endmacro %}
