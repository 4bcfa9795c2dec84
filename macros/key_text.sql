{# The key of a row as one readable text: 1882/KS/2024/45. A missing part is a hyphen. #}
{% macro key_text(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as {{ dbt.type_string() }}), '-'){{ " || '/' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
