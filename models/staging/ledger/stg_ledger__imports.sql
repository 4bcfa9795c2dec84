with

source as (

    select * from {{ source('ledger', 'imports') }}

),

typed as (

    select
        import_id,
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        scenario,
        coalesce(version, '') as version,
        cast(period as integer) as period,
        source_file,
        source_sha256,
        cast(row_count as integer) as posting_count,
        -- a ledger has debit positive; here income is positive and spending negative
        cast(-cast(balance as decimal(18, 2)) as decimal(18, 2)) as amount_sek

    from source

)

select * from typed
