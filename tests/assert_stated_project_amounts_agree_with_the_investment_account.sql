-- a reported project's stated amount is a control where sub-projects or postings were the source
with

stated as (

    select * from {{ ref('stg_investments__project_amounts') }}

),

computed as (

    select * from {{ ref('fct_investment_variance') }}

),

compared as (

    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.project_id,
        stated.scenario,
        stated.amount_sek as stated_sek,
        stated.scale,
        stated.amount_decimals,
        case stated.scenario
            when 'actual' then computed.actual_sek
            else computed.budget_sek
        end as computed_sek

    from stated
    inner join computed
        on
            stated.organisation_id = computed.organisation_id
            and stated.board_id = computed.board_id
            and stated.fiscal_year = computed.fiscal_year
            and stated.project_id = computed.project_id
    where stated.scenario in ('actual', 'budget')

)

select
    {{ key_text([
        'organisation_id',
        'board_id',
        'fiscal_year',
        'project_id',
        'scenario',
    ]) }} as amount_key,
    stated_sek,
    computed_sek
from compared
where stated_sek is distinct from {{ rounded('computed_sek', 'scale', 'amount_decimals') }}
