with

source as (

    select * from {{ ref('investment_comments') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        cast(analysis_number as integer) as analysis_number,
        project_id,
        comment,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
