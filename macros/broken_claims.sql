{#
    The rows of a generic test over claims: claim, how many rows break it, and the key of one of them.
    key: columns of the row's key. claims: name -> boolean expression over one row; null breaks a claim.
    The claim key_is_unique is always made.
#}
{% macro broken_claims(relation, key, claims) %}
with

checked as (

    select
        {{ key_text(key) }} as example_key,
        {%- for name, expression in claims.items() %}
        case when {{ expression }} then 0 else 1 end as {{ name }},
        {%- endfor %}
        case when count(*) over (partition by {{ key | join(", ") }}) = 1 then 0 else 1 end as key_is_unique

    from {{ relation }}

),

counted as (

    {%- for name in claims.keys() | list + ["key_is_unique"] %}
    select '{{ name }}' as claim, sum({{ name }}) as broken_count, min(case when {{ name }} = 1 then example_key end) as example_key
    from checked
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

)

select * from counted
where broken_count > 0
{% endmacro %}
