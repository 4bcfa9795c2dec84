{#
    One figure a board and year: an aggregate over the rows of a mart, under a key of its own.
    key: the whole key as a text. expression: the aggregate. column: the column that it is made of.
#}
{% macro figure_total(row_source, mart, key, expression, column, unit='sek') -%}
select
        organisation_id,
        board_id,
        fiscal_year,
        '{{ key }}' as figure_key,
        cast({{ expression }} as decimal(28, 6)) as value,
        '{{ unit }}' as unit,
        '{{ mart }}' as mart_name,
        '{{ column }}' as column_name

    from {{ row_source }}
    group by organisation_id, board_id, fiscal_year
{%- endmacro %}
