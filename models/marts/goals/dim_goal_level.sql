with

levels as (

    select * from {{ ref('stg_goals__goal_levels') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        level_number,
        level_name,
        decided_by,
        horizon

    from levels

)

select * from final
