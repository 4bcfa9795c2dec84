{#
    Claims that hold for each row of a model, in one node: null breaks a claim. claims: name -> boolean expression over one row.
    not_empty_with: seeds and models of the subject; where one of them has a row, the model must have one too.
#}
{% test row_claims(model, key, claims, not_empty_with=[]) %}
with

broken_claims as (

    {{ broken_claims(model, key, claims) }}

){% for input in not_empty_with %},

rows_of_{{ input }} as (

    select count(*) as row_count from {{ ref(input) }}

){% endfor %}

select * from broken_claims
{%- for input in not_empty_with %}
union all
select
    'is_not_empty_where_{{ input }}_is_not' as claim,
    rows_of_{{ input }}.row_count as broken_count,
    'no row' as example_key
from rows_of_{{ input }}
where rows_of_{{ input }}.row_count > 0 and not exists (select 1 from {{ model }})
{%- endfor %}
{% endtest %}
