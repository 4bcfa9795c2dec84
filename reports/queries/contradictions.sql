select
    contradiction_id,
    rule_name,
    subject,
    coalesce(subject_name, '') as subject_name,
    first_side,
    second_side,
    difference_sek,
    coalesce(reason, 'Ännu utan förklaring.') as reason

from marts.fct_contradiction
where
    organisation_id = {{ $organisation_id }}
    and board_id = {{ $board_id }}
    and fiscal_year = {{ $fiscal_year }}
order by rule_name, subject
