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
        -- sum() passes over a posting without an amount: it is counted, and refused by a test
        count(case when amount_sek is null then 1 end) as missing_amount_count,
        sum(amount_sek) as amount_sek

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
        project_id

),

ranked as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        account,
        activity_code,
        project_id,
        missing_amount_count,
        amount_sek,
        dense_rank() over (
            partition by organisation_id, board_id, fiscal_year, scenario
            order by version desc
        ) as version_rank

    from summed

),

in_force as (

    -- several versions of a budget or forecast are the same money told again: the last one counts
    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        scenario,
        account,
        activity_code,
        project_id,
        missing_amount_count,
        cast(amount_sek as decimal(18, 2)) as amount_sek

    from ranked
    where version_rank = 1

)

select * from in_force
