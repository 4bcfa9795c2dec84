with

source as (

    select * from {{ ref('project_aliases') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        place,
        alias,
        project_id,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
