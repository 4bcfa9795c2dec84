with

goals as (

    select * from {{ ref('stg_goals__goals') }}

),

areas as (

    select * from {{ ref('stg_goals__goal_areas') }}

),

final as (

    select
        goals.organisation_id,
        goals.board_id,
        goals.fiscal_year,
        goals.goal_id,
        goals.goal_number,
        goals.goal_name,
        goals.goal_area_id,
        areas.goal_area_number,
        areas.goal_area_name,
        goals.council_goal,
        goals.method,
        goals.responsible_unit

    from goals
    left join areas
        on
            goals.organisation_id = areas.organisation_id
            and goals.board_id = areas.board_id
            and goals.fiscal_year = areas.fiscal_year
            and goals.goal_area_id = areas.goal_area_id

)

select * from final
