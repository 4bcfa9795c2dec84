with

source as (

    select * from {{ ref('places') }}

),

typed as (

    select
        organisation_id,
        place,
        place_name,
        also_called,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
