{#
    What the declaration of a seed promises of its raw text, in one node: each column's kind, required or not, its values, and the key.
    The declaration is the seed's yml (config.meta of the seed and of each column).
#}
{% test seed_claims(model) %}
    {%- set declared = namespace(seed=none) -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == "seed" and node.name == model.identifier -%}
            {%- set declared.seed = node -%}
        {%- endfor -%}
        {%- set claims = {} -%}
        {%- for column in declared.seed.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- if meta.required -%}
                {%- do claims.update({column.name ~ "_is_given": column.name ~ " is not null"}) -%}
            {%- endif -%}
            {%- do claims.update({
                column.name ~ "_is_of_kind_" ~ meta.kind: column.name ~ " is null or " ~ is_of_kind(column.name, meta)
            }) -%}
            {%- if meta.scale_column -%}
                {%- do claims.update({
                    column.name ~ "_has_a_scale": column.name ~ " is null or " ~ meta.scale_column ~ " is not null"
                }) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ broken_claims(model, declared.seed.config.meta.key, claims) }}
    {%- endif -%}
{% endtest %}
