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
        'postings' as total_source,
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
        coalesce(totals.total_source, imported.total_source) as total_source,
        totals.operating_status,
        totals.investment_status,
        imported.row_count as imported_row_count,
        totals.row_count as read_row_count,
        imported.amount_sek as imported_sek,
        totals.read_sek,
        totals.operating_sek,
        totals.investment_sek,
        totals.balance_sek,
        coalesce(totals.operating_sek, 0)
        + coalesce(totals.investment_sek, 0)
        + coalesce(totals.balance_sek, 0) as parts_sek,
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
            and totals.total_source = imported.total_source

),

final as (

    select
        joined.organisation_id,
        joined.board_id,
        joined.fiscal_year,
        joined.scenario,
        joined.version,
        joined.total_source,
        scenarios.word_name as scenario_name,
        sources.word_name as total_source_name,
        joined.operating_status,
        operating_statuses.status_name as operating_status_name,
        joined.investment_status,
        investment_statuses.status_name as investment_status_name,
        -- an account that no class knows is in the sum and in none of its parts
        coalesce(joined.read_sek = joined.parts_sek, false)
        and case joined.total_source
            when 'stated' then true
            else
                coalesce(
                    joined.imported_row_count = joined.read_row_count
                    and joined.imported_sek = joined.read_sek,
                    false
                )
        end
        and case joined.operating_status
            when 'counted' then coalesce(joined.mart_operating_sek = joined.operating_sek, false)
            else true
        end
        and case joined.investment_status
            when 'counted' then coalesce(joined.mart_investment_sek = joined.investment_sek, false)
            else true
        end as is_in_agreement,
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
        on joined.total_source = sources.word
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
