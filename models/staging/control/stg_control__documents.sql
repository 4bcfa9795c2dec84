with

source as (

    select * from {{ ref('documents') }}

),

typed as (

    select
        document_id,
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        document_title,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
