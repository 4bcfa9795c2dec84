with

postings as (

    select * from {{ ref('stg_ledger__postings') }}

),

summed as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        version,
        account,
        activity_code,
        project_id,
        motpart,
        cast(count(*) as bigint) as posting_count,
        -- sum() passes over a posting without an amount: it is counted, and refused by a test
        cast(count(case when amount_sek is null then 1 end) as bigint) as missing_amount_count,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from postings
    group by
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        version,
        account,
        activity_code,
        project_id,
        motpart

)

select * from summed
