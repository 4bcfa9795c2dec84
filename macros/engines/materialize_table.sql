{#
    A table, made under its own name in one transaction: nobody reads a warehouse that is being built, so nothing is built
    beside it and renamed. dbt-duckdb's own takes three statements and two looked-up relations more for each model.
#}
{% materialization table, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement("main") -%}
        {%- if existing %} drop {{ existing.type }} if exists {{ existing }} cascade; {%- endif %}
        {{ create_table_as(False, target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
