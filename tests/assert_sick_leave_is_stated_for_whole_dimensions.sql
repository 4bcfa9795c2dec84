-- a group that is left out is what the whole less the others is, and nothing would hide it: a board
-- that gives one group of a dimension gives them all, and the whole
with

groups_of_dimension as (

    select
        dimension,
        count(*) as group_count

    from {{ ref('stg_reference__staff_groups') }}
    group by dimension

),

stated as (

    select
        sick_leave.organisation_id,
        sick_leave.board_id,
        sick_leave.fiscal_year,
        staff_groups.dimension,
        count(*) as stated_count

    from {{ ref('stg_staff__sick_leave') }} as sick_leave
    inner join {{ ref('stg_reference__staff_groups') }} as staff_groups
        on sick_leave.staff_group = staff_groups.staff_group
    group by
        sick_leave.organisation_id,
        sick_leave.board_id,
        sick_leave.fiscal_year,
        staff_groups.dimension

)

select
    {{ key_text([
        'stated.organisation_id',
        'stated.board_id',
        'stated.fiscal_year',
    ]) }} as board_key,
    stated.dimension,
    'a group of the dimension is missing' as finding
from stated
inner join groups_of_dimension
    on stated.dimension = groups_of_dimension.dimension
where stated.stated_count <> groups_of_dimension.group_count
union all
select
    {{ key_text([
        'stated.organisation_id',
        'stated.board_id',
        'stated.fiscal_year',
    ]) }} as board_key,
    'all' as dimension,
    'the whole is missing' as finding
from stated
group by stated.organisation_id, stated.board_id, stated.fiscal_year
having count(case when stated.dimension = 'all' then 1 end) = 0
