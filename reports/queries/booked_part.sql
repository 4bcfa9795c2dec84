select *
from (
    select
        months.period,
        lower(months.period_name) as period_name

    from marts.fct_monthly_activity as months
    where
        months.organisation_id = {{ $organisation_id }}
        and months.board_id = {{ $board_id }}
        and months.fiscal_year = {{ $fiscal_year }}
        and months.actual_sek is not null
    order by months.period desc, months.activity_code
    limit 1
) as last_booked
where period < 12
