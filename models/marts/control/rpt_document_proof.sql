with

documents as (

    select * from {{ ref('stg_control__documents') }}

),

summary as (

    select * from {{ ref('rpt_control_summary') }}

),

contradictions as (

    select * from {{ ref('fct_contradiction') }}

),

numerals as (

    select
        document_id,
        sum(numeral_count) as numeral_count,
        sum(
            case when verdict in ('agrees', 'rounding', 'approximate') then numeral_count else 0 end
        ) as proven_count,
        sum(case when verdict = 'declared' then numeral_count else 0 end) as declared_count,
        sum(case when verdict = 'exempt' then numeral_count else 0 end) as exempt_count,
        sum(
            case when verdict in ('differs', 'not_computable') then numeral_count else 0 end
        ) as unproven_count

    from summary
    group by document_id

),

found as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        count(*) as contradiction_count

    from contradictions
    group by organisation_id, board_id, fiscal_year

),

final as (

    select
        documents.document_id,
        documents.organisation_id,
        documents.board_id,
        documents.fiscal_year,
        documents.document_title,
        cast(coalesce(numerals.numeral_count, 0) as integer) as numeral_count,
        cast(coalesce(numerals.proven_count, 0) as integer) as proven_count,
        cast(coalesce(numerals.declared_count, 0) as integer) as declared_count,
        cast(coalesce(numerals.exempt_count, 0) as integer) as exempt_count,
        cast(coalesce(numerals.unproven_count, 0) as integer) as unproven_count,
        cast(coalesce(found.contradiction_count, 0) as integer) as contradiction_count

    from documents
    left join numerals
        on documents.document_id = numerals.document_id
    left join found
        on
            documents.organisation_id = found.organisation_id
            and documents.board_id = found.board_id
            and documents.fiscal_year = found.fiscal_year

)

select * from final
