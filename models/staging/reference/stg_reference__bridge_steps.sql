with

source as (

    select * from {{ ref('bridge_steps') }}

),

typed as (

    select
        step_kind,
        step_kind_name

    from source

)

select * from typed
