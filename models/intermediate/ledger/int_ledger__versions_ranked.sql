with

postings as (

    select * from {{ ref('int_ledger__postings_classified') }}

),

declared as (

    select * from {{ ref('stg_operating__budget_versions') }}

),

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account_kind,
        version,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from postings
    group by organisation_id, board_id, fiscal_year, scenario, account_kind, version

),

ranked as (

    -- a version is never ordered by its name alone, where 10 stands before 9: the date decides,
    -- then the length, then the name. One that is not declared stands first, and is refused where
    -- it is not alone
    select
        posted.organisation_id,
        posted.board_id,
        posted.fiscal_year,
        posted.scenario,
        posted.account_kind,
        posted.version,
        declared.version_kind,
        declared.version_name,
        declared.decided_on,
        declared.decision_number,
        declared.version is not null as is_declared,
        count(*) over (
            partition by
                posted.organisation_id,
                posted.board_id,
                posted.fiscal_year,
                posted.scenario,
                posted.account_kind
        ) as version_count,
        row_number() over (
            partition by
                posted.organisation_id,
                posted.board_id,
                posted.fiscal_year,
                posted.scenario,
                posted.account_kind
            order by
                case when declared.decided_on is null then 0 else 1 end,
                declared.decided_on,
                length(posted.version),
                posted.version
        ) as version_number,
        posted.amount_sek

    from posted
    left join declared
        on
            posted.organisation_id = declared.organisation_id
            and posted.board_id = declared.board_id
            and posted.fiscal_year = declared.fiscal_year
            and posted.version = declared.version

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account_kind,
        version,
        version_kind,
        version_name,
        decided_on,
        decision_number,
        cast(version_count as integer) as version_count,
        cast(version_number as integer) as version_number,
        is_declared,
        version_number = version_count as is_in_force,
        amount_sek

    from ranked

)

select * from final
