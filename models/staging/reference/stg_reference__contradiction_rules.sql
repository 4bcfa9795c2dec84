with

source as (

    select * from {{ ref('contradiction_rules') }}

),

typed as (

    select
        rule_id,
        rule_name

    from source

)

select * from typed
