with

statements as (

    select * from {{ ref('stg_control__statements') }}

),

documents as (

    select * from {{ ref('stg_control__documents') }}

),

words as (

    select * from {{ ref('stg_reference__stated_words') }}

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
        case statements.value_kind
            when 'season'
                then
                    coalesce(words.word_name, substring(statements.value, 6))
                    || ' '
                    || substring(statements.value, 1, 4)
            else coalesce(words.word_name, statements.value)
        end as value_name,
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
    left join words
        on
            case statements.value_kind
                when 'slug' then statements.value
                when 'season' then substring(statements.value, 6)
            end = words.word

)

select * from placed
