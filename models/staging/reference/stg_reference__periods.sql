with

source as (

    select * from {{ ref('periods') }}

),

typed as (

    select
        cast(period as integer) as period,
        period_name

    from source

)

select * from typed
