with

printed_figures as (

    select * from {{ ref('stg_control__printed_figures') }}

),

documents as (

    select * from {{ ref('stg_control__documents') }}

),

number_words as (

    select * from {{ ref('stg_reference__number_words') }}

),

valued as (

    select
        printed_figures.document_id || '/'
        || cast(printed_figures.printed_number as {{ dbt.type_string() }}) as printed_id,
        printed_figures.document_id,
        documents.organisation_id,
        documents.board_id,
        coalesce(printed_figures.fiscal_year, documents.fiscal_year) as fiscal_year,
        documents.fiscal_year as document_fiscal_year,
        printed_figures.printed_number,
        printed_figures.section,
        printed_figures.place,
        printed_figures.printed,
        printed_figures.unit,
        printed_figures.scale,
        printed_figures.sign,
        printed_figures.decimals,
        printed_figures.qualifier,
        printed_figures.figure_key,
        printed_figures.allowed_difference,
        printed_figures.exemption,
        printed_figures.contradiction_id,
        case
            when printed_figures.figure_key is null then null
            when number_words.value is not null
                then cast(number_words.value as decimal(28, 6))
            else {{ printed_number('printed_figures.printed') }}
        end * printed_figures.sign * printed_figures.scale as printed_value

    from printed_figures
    inner join documents
        on printed_figures.document_id = documents.document_id
    left join number_words
        on lower(printed_figures.printed) = number_words.word

)

select * from valued
