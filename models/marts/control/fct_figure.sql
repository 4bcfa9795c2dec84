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

staff as (

    select * from {{ ref('int_staff__figures') }}

),

united as (

    select * from operating
    union all
    select * from investments
    union all
    select * from goals
    union all
    select * from staff

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key,
        value,
        unit,
        mart_name,
        column_name

    from united

)

select * from final
