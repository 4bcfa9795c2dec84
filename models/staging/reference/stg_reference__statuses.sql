with

source as (

    select * from {{ ref('statuses') }}

),

typed as (

    select
        subject,
        status,
        status_name,
        colour

    from source

)

select * from typed
