-- received file to warehouse: each board, year, scenario, version and period has the postings and
-- the sum that `bokslut import` wrote down when it read them
with

imported as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        period,
        sum(posting_count) as posting_count,
        sum(amount_sek) as amount_sek

    from {{ ref('stg_ledger__imports') }}
    group by organisation_id, board_id, fiscal_year, scenario, version, period

),

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        period,
        sum(posting_count) as posting_count,
        sum(amount_sek) as amount_sek

    from {{ ref('int_ledger__entries_posted') }}
    group by organisation_id, board_id, fiscal_year, scenario, version, period

)

select
    {{ key_text([
        'imported.organisation_id',
        'imported.board_id',
        'imported.fiscal_year',
        'imported.scenario',
        'imported.version',
        'imported.period',
    ]) }} as import_key,
    {{ key_text([
        'posted.organisation_id',
        'posted.board_id',
        'posted.fiscal_year',
        'posted.scenario',
        'posted.version',
        'posted.period',
    ]) }} as posting_key,
    imported.posting_count as imported_count,
    posted.posting_count,
    imported.amount_sek as imported_sek,
    posted.amount_sek as posted_sek
from imported
full outer join posted
    on
        imported.organisation_id = posted.organisation_id
        and imported.board_id = posted.board_id
        and imported.fiscal_year = posted.fiscal_year
        and imported.scenario = posted.scenario
        and imported.version = posted.version
        and imported.period = posted.period
where
    imported.posting_count is distinct from posted.posting_count
    or imported.amount_sek is distinct from posted.amount_sek
