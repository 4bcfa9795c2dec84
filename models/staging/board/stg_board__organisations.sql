with

source as (

    select * from {{ ref('organisations') }}

),

typed as (

    select
        organisation_id,
        organisation_name,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
