{#
    A seed, read by the engine alone: every column is text, by the declared form (UTF-8, comma, double quote) and the declared
    columns, which the gate has held the header to. dbt's own reads the file in Python first and guesses the types, which turns
    0012 into 12 and 1234,56 into 123456, and takes seconds for some ten thousand rows.
#}
{% materialization seed, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement("main") -%}
        {%- if existing and existing.type != "table" %} drop {{ existing.type }} if exists {{ existing }} cascade; {%- endif %}
        create or replace table {{ target }} as
        select * from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '',
            columns = {
                {%- for column in model.columns.values() %} '{{ column.name }}': 'varchar'{{ "," if not loop.last }} {%- endfor %} }
        );
    {%- endcall %}
    {#- dbt asks for the rows that it would have read itself -#}
    {%- do store_result("agate_table", response="OK") %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
