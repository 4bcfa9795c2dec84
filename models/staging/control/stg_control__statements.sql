with

source as (

    select * from {{ ref('statements') }}

),

typed as (

    select
        document_id,
        cast(statement_number as integer) as statement_number,
        section,
        subject,
        attribute,
        value,
        value_kind,
        unit,
        cast(scale as integer) as scale,
        qualifier,
        figure_key,
        cast(figure_sign as integer) as figure_sign,
        cast(figure_year as integer) as figure_year,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
