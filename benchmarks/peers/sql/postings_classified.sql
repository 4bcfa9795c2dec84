-- an account has the class of its longest prefix
with

accounts as (

    select account
    from postings_summed
    where account is not null
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
    inner join account_classes
        on
            left(accounts.account, length(account_classes.account_prefix))
            = account_classes.account_prefix

)

select
    postings_summed.organisation_id,
    postings_summed.board_id,
    postings_summed.fiscal_year,
    postings_summed.scenario,
    postings_summed.version,
    postings_summed.account,
    postings_summed.activity_code,
    postings_summed.project_id,
    matched.account_class,
    matched.account_kind,
    matched.entry_class,
    postings_summed.amount_sek
from postings_summed
left join matched
    on
        postings_summed.account = matched.account
        and matched.match_rank = 1
