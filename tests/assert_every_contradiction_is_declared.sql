-- a contradiction that nobody has looked at
select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'contradiction_id']) }}
        as contradiction_key,
    first_side,
    second_side,
    difference_sek
from {{ ref('fct_contradiction') }}
where not is_declared
