-- an undeclared difference between what a report prints and what the marts say
select
    printed_id,
    section,
    place,
    figure_key,
    printed,
    printed_value,
    computed_value,
    verdict
from {{ ref('fct_figure_check') }}
where
    verdict = 'not_computable'
    or (verdict = 'differs' and not is_declared)
