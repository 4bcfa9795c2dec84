with

totals as (

    select * from {{ ref('int_control__totals_compared') }}

),

imports as (

    select * from {{ ref('stg_ledger__imports') }}

),

words as (

    select * from {{ ref('stg_reference__stated_words') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

imported as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        'postings' as source,
        sum(posting_count) as row_count,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from imports
    group by organisation_id, board_id, fiscal_year, scenario, version

),

joined as (

    -- an import whose postings are gone is told all the same
    select
        coalesce(totals.organisation_id, imported.organisation_id) as organisation_id,
        coalesce(totals.board_id, imported.board_id) as board_id,
        coalesce(totals.fiscal_year, imported.fiscal_year) as fiscal_year,
        coalesce(totals.scenario, imported.scenario) as scenario,
        coalesce(totals.version, imported.version) as version,
        coalesce(totals.source, imported.source) as source,
        totals.operating_status,
        totals.investment_status,
        imported.row_count as imported_row_count,
        totals.row_count as read_row_count,
        imported.amount_sek as imported_sek,
        totals.read_sek,
        totals.operating_sek,
        totals.investment_sek,
        totals.balance_sek,
        totals.mart_operating_sek,
        totals.mart_investment_sek

    from totals
    full outer join imported
        on
            totals.organisation_id = imported.organisation_id
            and totals.board_id = imported.board_id
            and totals.fiscal_year = imported.fiscal_year
            and totals.scenario = imported.scenario
            and totals.version = imported.version
            and totals.source = imported.source

),

final as (

    select
        joined.organisation_id,
        joined.board_id,
        joined.fiscal_year,
        joined.scenario,
        joined.version,
        joined.source,
        scenarios.word_name as scenario_name,
        sources.word_name as source_name,
        joined.operating_status,
        operating_statuses.status_name as operating_status_name,
        joined.investment_status,
        investment_statuses.status_name as investment_status_name,
        joined.source <> 'none'
        and (
            joined.source <> 'postings'
            or (
                joined.imported_row_count is not distinct from joined.read_row_count
                and joined.imported_sek is not distinct from joined.read_sek
            )
        )
        -- an account that no class knows is in the sum and in none of its parts
        and joined.read_sek is not distinct from
        coalesce(joined.operating_sek, 0)
        + coalesce(joined.investment_sek, 0)
        + coalesce(joined.balance_sek, 0)
        and (
            joined.operating_status is distinct from 'counted'
            or joined.mart_operating_sek is not distinct from joined.operating_sek
        )
        and (
            joined.investment_status is distinct from 'counted'
            or joined.mart_investment_sek is not distinct from joined.investment_sek
        ) as is_in_agreement,
        cast(joined.imported_row_count as integer) as imported_row_count,
        cast(joined.read_row_count as integer) as read_row_count,
        joined.imported_sek,
        joined.read_sek,
        joined.operating_sek,
        joined.investment_sek,
        joined.balance_sek,
        joined.mart_operating_sek,
        joined.mart_investment_sek,
        cast(joined.read_sek - joined.imported_sek as decimal(18, 2)) as import_difference_sek,
        cast(
            joined.mart_operating_sek - joined.operating_sek as decimal(18, 2)
        ) as operating_difference_sek,
        cast(
            joined.mart_investment_sek - joined.investment_sek as decimal(18, 2)
        ) as investment_difference_sek

    from joined
    left join words as scenarios
        on joined.scenario = scenarios.word
    left join words as sources
        on joined.source = sources.word
    left join statuses as operating_statuses
        on
            operating_statuses.subject = 'total'
            and joined.operating_status = operating_statuses.status
    left join statuses as investment_statuses
        on
            investment_statuses.subject = 'total'
            and joined.investment_status = investment_statuses.status

)

select * from final
