select
    carry_overs.fiscal_year,
    carry_overs.project_id,
    carry_overs.project_name,
    carry_overs.to_fiscal_year,
    carry_overs.remaining_sek,
    carry_overs.requested_sek,
    case
        when carry_overs.requested_sek is null then 'Inte begärd'
        when carry_overs.is_within_remaining then 'Ryms i det som är kvar'
        when not carry_overs.is_within_remaining then 'Större än det som är kvar'
        else 'Kan inte bedömas'
    end as request_note,
    investments.project_id is not null as has_page

from marts.fct_carry_over as carry_overs
left join marts.fct_investment_variance as investments
    on
        carry_overs.organisation_id = investments.organisation_id
        and carry_overs.board_id = investments.board_id
        and carry_overs.fiscal_year = investments.fiscal_year
        and carry_overs.project_id = investments.project_id
where
    carry_overs.organisation_id = {{ $organisation_id }}
    and carry_overs.board_id = {{ $board_id }}
    and carry_overs.fiscal_year = {{ $fiscal_year }}
order by carry_overs.requested_sek desc nulls last, carry_overs.remaining_sek desc, carry_overs.project_name
