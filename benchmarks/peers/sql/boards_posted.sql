-- which boards and years have postings of a scenario at all: 0 there, and not known elsewhere
select
    organisation_id,
    board_id,
    fiscal_year,
    account_kind,
    max(case when scenario = 'actual' then 1 else 0 end) = 1 as has_actual,
    max(case when scenario = 'budget' then 1 else 0 end) = 1 as has_budget
from entries_in_force
where account_kind in ('operating', 'investment')
group by organisation_id, board_id, fiscal_year, account_kind
