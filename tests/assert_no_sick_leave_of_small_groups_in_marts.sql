-- staging to marts: no mart tells the sick leave of a group of few employees, or of one that the
-- board finds traceable, by itself, as a figure or as the whole less the groups that are shown. It
-- names the group and no number, which a log would keep
with

shown as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        staff_group

    from {{ ref('fct_sick_leave') }}
    where sick_leave_share is not null or long_term_share is not null

),

figures as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key

    from {{ ref('fct_figure') }}
    where figure_key like 'sick_leave/%'

),

sick_leave as (

    select
        staged.organisation_id,
        staged.board_id,
        staged.fiscal_year,
        staged.staff_group,
        staged.employees,
        staff_groups.dimension,
        limits.threshold_value as employee_limit,
        not coalesce(staged.employees > limits.threshold_value, false)
        or staged.is_traceable as is_secret,
        shown.staff_group is not null as is_in_mart

    from {{ ref('stg_staff__sick_leave') }} as staged
    inner join {{ ref('stg_reference__staff_groups') }} as staff_groups
        on staged.staff_group = staff_groups.staff_group
    left join {{ ref('stg_reference__thresholds') }} as limits
        on limits.threshold_id = 'sick_leave_employees'
    left join shown
        on
            staged.organisation_id = shown.organisation_id
            and staged.board_id = shown.board_id
            and staged.fiscal_year = shown.fiscal_year
            and staged.staff_group = shown.staff_group

),

subtracted as (

    -- what is left of a dimension when the groups that are shown are taken from the whole
    select
        parts.organisation_id,
        parts.board_id,
        parts.fiscal_year,
        parts.dimension

    from sick_leave as parts
    inner join sick_leave as wholes
        on
            parts.organisation_id = wholes.organisation_id
            and parts.board_id = wholes.board_id
            and parts.fiscal_year = wholes.fiscal_year
    where
        wholes.dimension = 'all'
        and wholes.is_in_mart
        and parts.dimension <> 'all'
        and not parts.is_in_mart
    group by parts.organisation_id, parts.board_id, parts.fiscal_year, parts.dimension
    having count(*) = 1 or not coalesce(sum(parts.employees) > max(parts.employee_limit), false)

),

added as (

    -- a whole that is hidden is what all groups of a dimension are together
    select
        parts.organisation_id,
        parts.board_id,
        parts.fiscal_year,
        parts.dimension

    from sick_leave as parts
    inner join sick_leave as wholes
        on
            parts.organisation_id = wholes.organisation_id
            and parts.board_id = wholes.board_id
            and parts.fiscal_year = wholes.fiscal_year
    where wholes.dimension = 'all' and wholes.is_secret and parts.dimension <> 'all'
    group by parts.organisation_id, parts.board_id, parts.fiscal_year, parts.dimension
    having count(case when parts.is_in_mart then 1 end) = count(*)

)

select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'staff_group']) }} as group_key,
    'is told' as finding
from sick_leave
where is_secret and is_in_mart
union all
select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'dimension']) }} as group_key,
    'is the whole less what is shown' as finding
from subtracted
union all
select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'dimension']) }} as group_key,
    'adds up to a hidden whole' as finding
from added
union all
select
    {{ key_text([
        'figures.organisation_id',
        'figures.board_id',
        'figures.fiscal_year',
        'figures.figure_key',
    ]) }} as group_key,
    'is a figure of a group that is not shown' as finding
from figures
left join shown
    on
        figures.organisation_id = shown.organisation_id
        and figures.board_id = shown.board_id
        and figures.fiscal_year = shown.fiscal_year
        and figures.figure_key like 'sick_leave/' || shown.staff_group || '/%'
where shown.staff_group is null
