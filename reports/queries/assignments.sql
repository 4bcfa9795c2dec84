select
    fiscal_year,
    assignment_id,
    assignment_number,
    assigned_by,
    heading,
    assignment_name,
    answer_name,
    follow_up,
    stated_status_name,
    amount_sek,
    reached_count

from marts.fct_assignment
where
    organisation_id = {{ $organisation_id }}
    and board_id = {{ $board_id }}
    and fiscal_year = {{ $fiscal_year }}
order by assignment_number
