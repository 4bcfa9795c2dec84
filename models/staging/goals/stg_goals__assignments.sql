with

source as (

    select * from {{ ref('assignments') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        assignment_id,
        cast(assignment_number as integer) as assignment_number,
        assigned_by,
        heading,
        goal_area_id,
        assignment_name,
        follow_up,
        stated_status,
        {{ kronor('amount', 'scale') }} as amount_sek,
        cast(reached_count as integer) as reached_count,
        cast(unit_count as integer) as unit_count,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
