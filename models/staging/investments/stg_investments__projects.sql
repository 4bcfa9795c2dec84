with

source as (

    select * from {{ ref('projects') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        project_id,
        project_name,
        cast(list_number as integer) as list_number,
        parent_project_id,
        status,
        cast(first_fiscal_year as integer) as first_fiscal_year,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
