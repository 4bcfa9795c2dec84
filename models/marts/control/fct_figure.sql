with

operating as (

    select * from {{ ref('int_operating__figures') }}

),

investments as (

    select * from {{ ref('int_investments__figures') }}

),

goals as (

    select * from {{ ref('int_goals__figures') }}

),

united as (

    select * from operating
    union all
    select * from investments
    union all
    select * from goals

)

select * from united
