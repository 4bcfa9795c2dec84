with

postings as (

    select * from {{ ref('int_ledger__postings_summed') }}

),

accounts as (

    select * from {{ ref('int_ledger__accounts_classified') }}

),

counterparties as (

    select * from {{ ref('int_ledger__counterparties_classified') }}

),

classified as (

    select
        postings.organisation_id,
        postings.board_id,
        postings.fiscal_year,
        postings.period,
        postings.scenario,
        postings.version,
        postings.activity_code,
        postings.project_id,
        accounts.account_class,
        accounts.account_kind,
        accounts.entry_class,
        -- an internal account says so itself, whoever is named beside it
        case
            when accounts.account_class = 'internal' then 'internal'
            else counterparties.counterparty_class
        end as counterparty_class,
        -- an account that no prefix matches, or none at all, is kept and refused by a test
        case
            when accounts.account_class is null then coalesce(postings.account, 'no account')
        end as unmapped_account,
        postings.posting_count,
        postings.missing_amount_count,
        postings.amount_sek

    from postings
    left join accounts
        on postings.account = accounts.account
    left join counterparties
        on
            postings.organisation_id = counterparties.organisation_id
            and postings.motpart = counterparties.motpart

),

by_class as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        version,
        activity_code,
        project_id,
        account_class,
        account_kind,
        entry_class,
        counterparty_class,
        unmapped_account,
        cast(sum(posting_count) as bigint) as posting_count,
        cast(sum(missing_amount_count) as bigint) as missing_amount_count,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from classified
    group by
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        version,
        activity_code,
        project_id,
        account_class,
        account_kind,
        entry_class,
        counterparty_class,
        unmapped_account

)

select * from by_class
