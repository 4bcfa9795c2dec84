{#
    The figures of one mart, or of its totals: a row for each row of row_source and each of its measures (reference seed figure_measures).
    key: expression for the figure's key up to the measure's name. A mart's columns are named by the caller, since no unpivot is portable.
    A share (0-1) becomes percent by the measure's factor. The unit is the measure's, else the row's own; of a change in percent it is points.
#}
{% macro figure_rows(row_source, mart, key, columns, has_unit=false, name_is_left_out=none) -%}
select
        {{ row_source }}.organisation_id,
        {{ row_source }}.board_id,
        {{ row_source }}.fiscal_year,
        {{ key }}
        {%- if name_is_left_out %}
        || case measures.figure_name when '{{ name_is_left_out }}' then '' else '/' || measures.figure_name end
        {%- else %}
        || '/' || measures.figure_name
        {%- endif %} as figure_key,
        cast(measures.factor * case measures.column_name
            {%- for column in columns %}
            when '{{ column }}' then cast({{ row_source }}.{{ column }} as decimal(28, 6))
            {%- endfor %}
        end as decimal(28, 6)) as value,
        {%- if has_unit %}
        case
            when measures.unit is not null then measures.unit
            when measures.column_name = 'change' and {{ row_source }}.unit = 'percent' then 'percentage_points'
            else {{ row_source }}.unit
        end as unit,
        {%- else %}
        measures.unit,
        {%- endif %}
        measures.mart_name,
        measures.column_name

    from {{ row_source }}
    inner join measures
        on measures.mart_name = '{{ mart }}'
{%- endmacro %}
