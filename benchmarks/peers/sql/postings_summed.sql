-- the one scan of the ledger; it has debit positive, the marts have income positive
select
    organisation_id,
    board_id,
    fiscal_year,
    scenario,
    coalesce(version, '') as version,
    account,
    activity as activity_code,
    project as project_id,
    sum(case when amount is null then 1 else 0 end) as missing_amount_count,
    cast(-sum(amount) as decimal(18, 2)) as amount_sek
from postings
group by
    organisation_id,
    board_id,
    fiscal_year,
    scenario,
    coalesce(version, ''),
    account,
    activity,
    project
