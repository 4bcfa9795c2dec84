with

sick_leave as (

    select * from {{ ref('stg_staff__sick_leave') }}

),

staff_groups as (

    select * from {{ ref('stg_reference__staff_groups') }}

),

thresholds as (

    select * from {{ ref('stg_reference__thresholds') }}

),

judged as (

    -- without a known limit no group is above it
    select
        sick_leave.organisation_id,
        sick_leave.board_id,
        sick_leave.fiscal_year,
        sick_leave.staff_group,
        staff_groups.dimension,
        staff_groups.group_number,
        sick_leave.employees,
        sick_leave.scheduled_hours,
        sick_leave.absent_hours,
        sick_leave.long_term_hours,
        thresholds.threshold_value as employee_limit,
        case
            when not coalesce(sick_leave.employees > thresholds.threshold_value, false)
                then 'small_group'
            when sick_leave.is_traceable then 'traceable'
        end as own_reason

    from sick_leave
    left join staff_groups
        on sick_leave.staff_group = staff_groups.staff_group
    left join thresholds
        on thresholds.threshold_id = 'sick_leave_employees'

),

ordered as (

    -- in a dimension those that are hidden for their own sake stand first, then the smallest
    select
        organisation_id,
        board_id,
        fiscal_year,
        staff_group,
        scheduled_hours,
        absent_hours,
        long_term_hours,
        employee_limit,
        own_reason,
        max(case when dimension = 'all' and own_reason is not null then 1 else 0 end) over (
            partition by organisation_id, board_id, fiscal_year
        ) as hidden_whole_count,
        count(own_reason) over (
            partition by organisation_id, board_id, fiscal_year, dimension
        ) as hidden_count,
        row_number() over (
            partition by organisation_id, board_id, fiscal_year, dimension
            order by case when own_reason is null then 1 else 0 end, employees, group_number
        ) as hiding_order,
        sum(employees) over (
            partition by organisation_id, board_id, fiscal_year, dimension
            order by case when own_reason is null then 1 else 0 end, employees, group_number
            rows between unbounded preceding and 1 preceding
        ) as employees_before

    from judged

),

reasoned as (

    -- the whole less what is shown is what is hidden: it must be two groups at least, and together
    -- as many employees as a group that may be shown
    select
        organisation_id,
        board_id,
        fiscal_year,
        staff_group,
        scheduled_hours,
        absent_hours,
        long_term_hours,
        case
            when own_reason is not null then own_reason
            when
                hidden_whole_count > 0
                or (hidden_count > 0 and hiding_order <= 2)
                or (hidden_count > 0 and not coalesce(employees_before > employee_limit, false))
                then 'gives_away'
        end as suppression_reason

    from ordered

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        staff_group,
        suppression_reason,
        suppression_reason is not null as is_suppressed,
        case when suppression_reason is null then scheduled_hours end as scheduled_hours,
        case when suppression_reason is null then absent_hours end as absent_hours,
        case when suppression_reason is null then long_term_hours end as long_term_hours

    from reasoned

)

select * from final
