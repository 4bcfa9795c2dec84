-- A control total is of a model that declares control totals: no other test would read it.
select
    organisation_id,
    board_id,
    fiscal_year,
    model_name,
    total_name

from {{ ref('stg_control__totals') }}
where model_name not in (
    {{ models_with_totals() }}
)
