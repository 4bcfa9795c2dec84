with

suppressed as (

    select * from {{ ref('int_staff__sick_leave_suppressed') }}

),

staff_groups as (

    select * from {{ ref('stg_reference__staff_groups') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

final as (

    -- no employees and no hours: beside the other groups they would give a suppressed share away
    select
        suppressed.organisation_id,
        suppressed.board_id,
        suppressed.fiscal_year,
        suppressed.staff_group,
        staff_groups.staff_group_name,
        staff_groups.dimension,
        staff_groups.group_number,
        suppressed.is_suppressed,
        suppressed.suppression_reason,
        statuses.status_name as suppression_reason_name,
        {{ share('suppressed.absent_hours', 'suppressed.scheduled_hours') }} as sick_leave_share,
        {{ share('suppressed.long_term_hours', 'suppressed.absent_hours') }} as long_term_share

    from suppressed
    left join staff_groups
        on suppressed.staff_group = staff_groups.staff_group
    left join statuses
        on
            statuses.subject = 'suppression'
            and suppressed.suppression_reason = statuses.status

)

select * from final
