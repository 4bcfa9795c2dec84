with

source as (

    select * from {{ ref('trends') }}

),

typed as (

    select
        trend,
        trend_name

    from source

)

select * from typed
