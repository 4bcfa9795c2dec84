with

postings as (

    select * from {{ ref('int_ledger__postings_summed') }}

),

accounts as (

    select * from {{ ref('int_ledger__accounts_classified') }}

),

posted as (

    select
        postings.organisation_id,
        postings.board_id,
        postings.fiscal_year,
        postings.period,
        postings.scenario,
        postings.activity_code,
        postings.project_id,
        accounts.account_class,
        accounts.account_kind,
        accounts.entry_class,
        -- an account that no prefix matches, or none at all, is kept and refused by a test
        case
            when accounts.account_class is null then coalesce(postings.account, 'no account')
        end as unmapped_account,
        cast(sum(postings.missing_amount_count) as integer) as missing_amount_count,
        cast(sum(postings.amount_sek) as decimal(18, 2)) as amount_sek

    from postings
    left join accounts
        on postings.account = accounts.account
    group by
        postings.organisation_id,
        postings.board_id,
        postings.fiscal_year,
        postings.period,
        postings.scenario,
        postings.activity_code,
        postings.project_id,
        accounts.account_class,
        accounts.account_kind,
        accounts.entry_class,
        case
            when accounts.account_class is null then coalesce(postings.account, 'no account')
        end

)

select * from posted
