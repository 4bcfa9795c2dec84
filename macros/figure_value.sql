{# The value of a figure: the column of the row that its measure names, times the measure's factor (a share of 0-1 is shown in percent). #}
{% macro figure_value(row_source, columns) -%}
    cast(measures.factor * case measures.column_name
        {%- for column in columns %}
        when '{{ column }}' then cast({{ row_source }}.{{ column }} as decimal(28, 6))
        {%- endfor %}
    end as decimal(28, 6))
{%- endmacro %}
