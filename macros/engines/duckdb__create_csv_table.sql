{# Every seed column is text on DuckDB: dbt's guess would turn 0012 into 12 and 1234,56 into 123456. Staging gives the types. #}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {% set sql %}
        create table {{ this.render() }} (
            {%- for column_name in agate_table.column_names %}
            {{ adapter.quote(column_name) }} varchar{{ ", " if not loop.last }}
            {%- endfor %}
        )
    {% endset %}

    {% call statement("_") %}{{ sql }}{% endcall %}

    {{ return(sql) }}
{% endmacro %}
