{# A seed is read by its declared form alone - UTF-8, comma, double quote - and never by a dialect that the engine guesses from the rows. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}' (
            format csv, header true, delimiter ',', quote '"', escape '"', nullstr '', auto_detect false
        )
    {% endset %}

    {% do adapter.add_query(sql, abridge_sql_log=True) %}

    {{ return(sql) }}
{% endmacro %}
