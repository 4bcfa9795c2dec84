-- a stated net, revenue or cost is a control where postings were the source: it agrees when these
-- are rounded to the unit it was stated in; of a forecast the net alone is known
with

stated as (

    select * from {{ ref('stg_operating__entries') }}

),

computed as (

    select * from {{ ref('fct_activity_variance') }}

),

compared as (

    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.activity_code,
        stated.scenario,
        stated.entry_class,
        stated.amount_sek as stated_sek,
        stated.scale,
        stated.amount_decimals,
        case
            {%- for scenario in ['actual', 'budget'] %}
            {%- for entry_class in ['net', 'revenue', 'cost'] %}
            when stated.scenario = '{{ scenario }}' and stated.entry_class = '{{ entry_class }}'
                then computed.{{ scenario }}_{{ entry_class }}_sek
            {%- endfor %}
            {%- endfor %}
            else computed.forecast_net_sek
        end as computed_sek

    from stated
    left join computed
        on
            stated.organisation_id = computed.organisation_id
            and stated.board_id = computed.board_id
            and stated.fiscal_year = computed.fiscal_year
            and stated.activity_code = computed.activity_code
    where stated.entry_class = 'net' or stated.scenario <> 'forecast'

)

select
    {{ key_text([
        'organisation_id',
        'board_id',
        'fiscal_year',
        'activity_code',
        'scenario',
        'entry_class',
    ]) }} as entry_key,
    stated_sek,
    computed_sek
from compared
where stated_sek is distinct from {{ rounded('computed_sek', 'scale', 'amount_decimals') }}
