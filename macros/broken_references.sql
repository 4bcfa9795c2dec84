{#
    The references of a relation that name no row, as rows of a generic test over claims; one with an empty part refers to nothing.
    references: list of columns, to (a seed or model), to_columns (the same names unless given).
#}
{% macro broken_references(relation, references) %}
{%- for reference in references %}
    {%- set there = reference.to_columns or reference.columns %}
    {%- set columns = reference.columns %}
select
    '{{ columns[-1] }}_is_known_in_{{ reference.to }}' as claim,
    count(*) as broken_count,
    min({% for column in columns %}cast(referring.{{ column }} as {{ dbt.type_string() }}){{ " || '/' || " if not loop.last }}{% endfor %}) as example_key
from {{ relation }} as referring
left join {{ ref(reference.to) }} as referred
    on
    {%- for column in columns %}
        cast(referring.{{ column }} as {{ dbt.type_string() }}) = cast(referred.{{ there[loop.index0] }} as {{ dbt.type_string() }})
        {%- if not loop.last %} and {% endif %}
    {%- endfor %}
where referred.{{ there[0] }} is null
    {%- for column in columns %} and referring.{{ column }} is not null{% endfor %}
having count(*) > 0
    {%- if not loop.last %} union all {% endif %}
{%- endfor %}
{% endmacro %}
