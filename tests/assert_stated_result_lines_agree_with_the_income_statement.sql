-- what the report states is a control where it was not the source: the result line, the year
-- before, a posted scenario
with

stated as (

    select * from {{ ref('stg_operating__result_lines') }}

),

computed as (

    select * from {{ ref('fct_income_statement') }}

),

compared as (

    {%- for measure in ['prior_actual', 'actual', 'budget'] %}
    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.line_name,
        '{{ measure }}' as measure,
        stated.{{ measure }}_sek as stated_sek,
        computed.{{ measure }}_sek as computed_sek,
        {{ rounded(
            'computed.' ~ measure ~ '_sek', 'stated.scale', 'stated.' ~ measure ~ '_decimals'
        ) }} as printed_sek

    from stated
    inner join computed
        on
            stated.organisation_id = computed.organisation_id
            and stated.board_id = computed.board_id
            and stated.fiscal_year = computed.fiscal_year
            and stated.line_number = computed.line_number
    where stated.{{ measure }}_sek is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'line_name']) }} as line_key,
    measure,
    stated_sek,
    computed_sek
from compared
where stated_sek is distinct from printed_sek
