with

source as (

    select * from {{ ref('activity_areas') }}

),

typed as (

    select
        area_digit,
        area_name

    from source

)

select * from typed
