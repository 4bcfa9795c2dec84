with

postings as (

    select * from {{ ref('int_ledger__postings_summed') }}

),

account_classes as (

    select * from {{ ref('stg_reference__account_classes') }}

),

accounts as (

    select account
    from postings
    group by account

),

matched as (

    select
        accounts.account,
        account_classes.account_class,
        account_classes.account_kind,
        account_classes.entry_class,
        row_number() over (
            partition by accounts.account
            order by length(account_classes.account_prefix) desc
        ) as match_rank

    from accounts
    left join account_classes
        on accounts.account like account_classes.account_prefix || '%'

),

longest as (

    select
        account,
        account_class,
        account_kind,
        entry_class

    from matched
    where match_rank = 1

)

select * from longest
