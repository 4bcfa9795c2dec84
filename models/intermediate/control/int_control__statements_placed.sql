with

statements as (

    select * from {{ ref('stg_control__statements') }}

),

documents as (

    select * from {{ ref('stg_control__documents') }}

),

placed as (

    select
        documents.organisation_id,
        documents.board_id,
        documents.fiscal_year,
        statements.document_id,
        statements.statement_number,
        statements.section,
        statements.subject,
        statements.attribute,
        statements.value,
        statements.value_kind,
        statements.unit,
        statements.scale,
        statements.qualifier,
        statements.figure_key,
        statements.figure_sign,
        coalesce(statements.figure_year, documents.fiscal_year) as figure_year,
        case
            when statements.value_kind = 'number'
                then {{ scaled('statements.value', 'statements.scale') }}
        end as value_number

    from statements
    inner join documents
        on statements.document_id = documents.document_id

)

select * from placed
