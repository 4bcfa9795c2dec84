{#
    What a model promises, in one node: claims that hold for each row, where null breaks one (claims: name -> boolean expression); the
    key; control totals (see the macro missed_totals).
    not_empty_with: seeds and models of the subject; where one of them has a row, the model must have one too.
    not_empty_where: the same for those rows alone that the model is about; input -> condition.
#}
{% test row_claims(model, key, claims, not_empty_with=[], not_empty_where={}, totals={}, row_key=none) %}
{%- set inputs = {} -%}
{%- for input in not_empty_with -%}
    {%- do inputs.update({input: "true"}) -%}
{%- endfor -%}
{%- do inputs.update(not_empty_where) -%}
{%- set no_values = ", cast(null as decimal(28, 6)) as control_value, cast(null as decimal(28, 6)) as computed_value" if totals else "" -%}
with

broken_claims as (

    {{ broken_claims(model, key, claims) }}

){% for input, condition in inputs.items() %},

rows_of_{{ input }} as (

    select count(*) as row_count from {{ ref(input) }} where {{ condition }}

){% endfor %}

select *{{ no_values }} from broken_claims
{%- for input in inputs %}
union all
select
    'is_not_empty_where_{{ input }}_is_not' as claim,
    rows_of_{{ input }}.row_count as broken_count,
    'no row' as example_key{{ no_values }}
from rows_of_{{ input }}
where rows_of_{{ input }}.row_count > 0 and not exists (select 1 from {{ model }})
{%- endfor %}
{%- if totals %}
union all
{{ missed_totals(model, totals, row_key) }}
{%- endif %}
{% endtest %}
