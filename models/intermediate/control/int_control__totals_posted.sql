with

posted as (

    select * from {{ ref('int_ledger__entries_posted') }}

),

by_account as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        'postings' as total_source,
        account_kind as account,
        -- what an account prefix does not know belongs to no account, and agrees with nothing
        case
            when account_kind = 'investment' and scenario = 'forecast' then 'not_shown'
            when account_kind in ('operating', 'investment') and is_in_force then 'counted'
            when account_kind in ('operating', 'investment') then 'superseded'
        end as total_status,
        sum(posting_count) as row_count,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from posted
    group by
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        account_kind,
        is_in_force

)

select * from by_account
