with

assignments as (

    select * from {{ ref('stg_goals__assignments') }}

),

final as (

    -- answered says that the report prints a follow-up, not how good it is; a status only where
    -- the report states one
    select
        organisation_id,
        board_id,
        fiscal_year,
        assignment_id,
        assignment_number,
        assigned_by,
        heading,
        goal_area_id,
        assignment_name,
        case when follow_up is null then 'not_answered' else 'answered' end as answer,
        follow_up,
        stated_status,
        amount_sek,
        reached_count,
        unit_count

    from assignments

)

select * from final
