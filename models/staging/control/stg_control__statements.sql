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
        cast(report_part as integer) as report_part

    from source

)

select * from typed
