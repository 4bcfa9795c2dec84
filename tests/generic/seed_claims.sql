{#
    What the declaration of a seed promises of its raw text, in one node: each column's kind, required or not, its values, the key, and
    that what it refers to exists (references: see the macro broken_references).
    The declaration is the seed's yml (config.meta of the seed and of each column).
#}
{% test seed_claims(model, references=[]) %}
    {%- if execute -%}
        {%- set seed = graph.nodes["seed." ~ project_name ~ "." ~ model.identifier] -%}
        {%- set claims = {} -%}
        {%- for column in seed.columns.values() -%}
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
        {{ broken_claims(model, seed.config.meta.key, claims) }}
    {%- endif -%}
    {%- if references %}
        union all
        {{ broken_references(model, references) }}
    {%- endif -%}
{% endtest %}
