with

assignments as (

    select * from {{ ref('stg_goals__assignments') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

answers as (

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

),

final as (

    select
        answers.organisation_id,
        answers.board_id,
        answers.fiscal_year,
        answers.assignment_id,
        answers.assignment_number,
        answers.assigned_by,
        answers.heading,
        answers.goal_area_id,
        answers.assignment_name,
        answers.answer,
        answer_statuses.status_name as answer_name,
        answers.follow_up,
        answers.stated_status,
        stated_statuses.status_name as stated_status_name,
        answers.amount_sek,
        answers.reached_count,
        answers.unit_count

    from answers
    left join statuses as answer_statuses
        on
            answer_statuses.subject = 'answer'
            and answers.answer = answer_statuses.status
    left join statuses as stated_statuses
        on
            stated_statuses.subject = 'assignment'
            and answers.stated_status = stated_statuses.status

)

select * from final
