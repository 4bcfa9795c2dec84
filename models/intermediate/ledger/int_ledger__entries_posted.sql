with

postings as (

    select * from {{ ref('int_ledger__postings_classified') }}

),

versions as (

    select * from {{ ref('int_ledger__versions_ranked') }}

),

posted as (

    -- an unmapped account has no kind, and is told all the same
    select
        postings.organisation_id,
        postings.board_id,
        postings.fiscal_year,
        postings.period,
        postings.scenario,
        postings.version,
        postings.activity_code,
        postings.project_id,
        postings.account_class,
        postings.account_kind,
        postings.entry_class,
        postings.counterparty_class,
        postings.unmapped_account,
        coalesce(versions.is_in_force, false) as is_in_force,
        postings.posting_count,
        postings.missing_amount_count,
        postings.amount_sek

    from postings
    left join versions
        on
            postings.organisation_id = versions.organisation_id
            and postings.board_id = versions.board_id
            and postings.fiscal_year = versions.fiscal_year
            and postings.scenario = versions.scenario
            and postings.account_kind = versions.account_kind
            and postings.version = versions.version

)

select * from posted
