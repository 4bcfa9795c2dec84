{# A view, made under its own name in one transaction; see materialize_table. #}
{% materialization view, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type="view") -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement("main") -%}
        {%- if existing and existing.type != "view" %} drop {{ existing.type }} if exists {{ existing }} cascade; {%- endif %}
        {%- if config.get("contract").enforced %} {{ get_assert_columns_equivalent(sql) }} {%- endif %}
        create or replace view {{ target }} as (
            {{ sql }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
