with

source as (

    select * from {{ source('ledger', 'postings') }}

),

typed as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        coalesce(version, '') as version,
        account,
        activity as activity_code,
        project as project_id,
        motpart,
        -- a ledger has debit positive; here income is positive and spending negative
        cast(-amount as decimal(18, 2)) as amount_sek

    from source

)

select * from typed
