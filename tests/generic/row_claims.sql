{#
    Claims that hold for each row of a model, in one node: null breaks a claim. claims: name -> boolean expression over one row.
    not_empty_with: seeds and models of the subject; where one of them has a row, the model must have one too.
    not_empty_where: the same for those rows alone that the model is about; input -> condition.
#}
{% test row_claims(model, key, claims, not_empty_with=[], not_empty_where={}) %}
{%- set inputs = {} -%}
{%- for input in not_empty_with -%}
    {%- do inputs.update({input: "true"}) -%}
{%- endfor -%}
{%- do inputs.update(not_empty_where) -%}
with

broken_claims as (

    {{ broken_claims(model, key, claims) }}

){% for input, condition in inputs.items() %},

rows_of_{{ input }} as (

    select count(*) as row_count from {{ ref(input) }} where {{ condition }}

){% endfor %}

select * from broken_claims
{%- for input in inputs %}
union all
select
    'is_not_empty_where_{{ input }}_is_not' as claim,
    rows_of_{{ input }}.row_count as broken_count,
    'no row' as example_key
from rows_of_{{ input }}
where rows_of_{{ input }}.row_count > 0 and not exists (select 1 from {{ model }})
{%- endfor %}
{% endtest %}
