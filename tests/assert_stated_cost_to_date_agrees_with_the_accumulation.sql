-- the earliest stated cost to date anchors a project; every later one must be what the years add
-- up to
select
    {{ key_text([
        'totals.organisation_id',
        'totals.board_id',
        'totals.fiscal_year',
        'totals.project_id',
    ]) }} as project_key,
    totals.cost_to_date_sek as stated_sek,
    accumulation.accumulated_sek as computed_sek
from {{ ref('stg_investments__project_totals') }} as totals
left join {{ ref('fct_project_accumulation') }} as accumulation
    on
        totals.organisation_id = accumulation.organisation_id
        and totals.board_id = accumulation.board_id
        and totals.fiscal_year = accumulation.fiscal_year
        and totals.project_id = accumulation.project_id
where
    totals.cost_to_date_sek is not null
    and totals.cost_to_date_sek is distinct from
    {{ rounded(
        'accumulation.accumulated_sek', 'totals.scale', 'totals.cost_to_date_decimals'
    ) }}
