-- a declared contradiction that the rules no longer find: the report or the rule has changed
select
    {{ key_text([
        'declared.organisation_id',
        'declared.board_id',
        'declared.fiscal_year',
        'declared.contradiction_id',
    ]) }} as contradiction_key,
    declared.reason
from {{ ref('stg_control__declared_contradictions') }} as declared
left join {{ ref('fct_contradiction') }} as found
    on
        declared.organisation_id = found.organisation_id
        and declared.board_id = found.board_id
        and declared.fiscal_year = found.fiscal_year
        and declared.contradiction_id = found.contradiction_id
where found.contradiction_id is null
