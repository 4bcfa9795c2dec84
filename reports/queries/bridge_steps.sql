select
    fiscal_year,
    account,
    step_number,
    step_kind,
    step_name,
    case
        -- a step without an amount has no figure
        when amount_sek is null then 'frame'
        when step_kind = 'revision' then 'revision-' || step_number
        else step_kind
    end as step_key,
    step_kind = 'frame' or step_kind = 'adjusted' as is_total,
    decision_number,
    decided_on,
    amount_sek

from marts.fct_budget_bridge
where
    organisation_id = {{ $organisation_id }}
    and board_id = {{ $board_id }}
    and fiscal_year = {{ $fiscal_year }}
order by account, step_number
