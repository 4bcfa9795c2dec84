with

measures as (

    select * from {{ ref('stg_reference__figure_measures') }}

),

outcomes as (

    select * from {{ ref('fct_measure_outcome') }}

),

goal_statuses as (

    select * from {{ ref('fct_goal_status') }}

),

indicators as (

    select * from {{ ref('fct_indicator') }}

),

assignments as (

    select * from {{ ref('fct_assignment') }}

),

programmes as (

    select * from {{ ref('fct_programme') }}

),

focus_areas as (

    select * from {{ ref('fct_focus_area') }}

),

outcome_figures as (

    {{ figure_rows('outcomes', 'fct_measure_outcome', "'measure/' || outcomes.measure_id", [
        'target_value',
        'outcome_value',
        'previous_value',
        'change',
        'better_count',
        'numerator',
        'denominator',
    ], has_unit=true) }}

),

goal_figures as (

    {{ figure_rows('goal_statuses', 'fct_goal_status', "'goal/' || goal_statuses.goal_id", [
        'measure_count',
        'met_count',
    ]) }}

),

goal_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(measure_count) as measure_count,
        sum(met_count) as met_count

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

),

goal_total_figures as (

    {{ figure_rows('goal_totals', 'fct_goal_status', "'goal/total'", [
        'measure_count',
        'met_count',
    ]) }}

),

indicator_figures as (

    {{ figure_rows(
        'indicators',
        'fct_indicator',
        "'indicator/' || indicators.indicator_id || '/' || indicators.place",
        [
            'value',
            'previous_value',
            'change',
        ],
        has_unit=true,
        name_is_left_out='value',
    ) }}

),

assignment_figures as (

    {{ figure_rows('assignments', 'fct_assignment', "'assignment/' || assignments.assignment_id", [
        'amount_sek',
        'reached_count',
        'unit_count',
    ]) }}

),

counted_figures as (

    {{ figure_total(
        'goal_statuses',
        'fct_goal_status',
        'goal/total/goals',
        'count(*)',
        'goal_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'goal_statuses',
        'fct_goal_status',
        'goal/total/met',
        "count(case when status = 'met' then 1 end)",
        'status',
        'count',
    ) }}

    union all

    {{ figure_total(
        'goal_statuses',
        'fct_goal_status',
        'goal/total/partly_met',
        "count(case when status = 'partly_met' then 1 end)",
        'status',
        'count',
    ) }}

    union all

    {{ figure_total(
        'goal_statuses',
        'fct_goal_status',
        'goal/total/not_met',
        "count(case when status = 'not_met' then 1 end)",
        'status',
        'count',
    ) }}

    union all

    {{ figure_total(
        'goal_statuses',
        'fct_goal_status',
        'goal/total/no_data',
        "count(case when status = 'no_data' then 1 end)",
        'status',
        'count',
    ) }}

    union all

    {{ figure_total(
        'assignments',
        'fct_assignment',
        'assignment/total/assignments',
        'count(*)',
        'assignment_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'assignments',
        'fct_assignment',
        'assignment/council/assignments',
        "count(case when assigned_by = 'council' then 1 end)",
        'assigned_by',
        'count',
    ) }}

    union all

    {{ figure_total(
        'assignments',
        'fct_assignment',
        'assignment/board/assignments',
        "count(case when assigned_by = 'board' then 1 end)",
        'assigned_by',
        'count',
    ) }}

    union all

    {{ figure_total(
        'programmes',
        'fct_programme',
        'programme/total/programmes',
        'count(*)',
        'programme_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'focus_areas',
        'fct_focus_area',
        'focus_area/total/areas',
        'count(distinct focus_area_id)',
        'focus_area_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'focus_areas',
        'fct_focus_area',
        'focus_area/total/items',
        'count(*)',
        'item_number',
        'count',
    ) }}

),

figures as (

    select * from outcome_figures
    union all
    select * from goal_figures
    union all
    select * from goal_total_figures
    union all
    select * from indicator_figures
    union all
    select * from assignment_figures
    union all
    select * from counted_figures

),

known as (

    -- a figure that is not known is no figure
    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key,
        value,
        unit,
        mart_name,
        column_name

    from figures
    where value is not null

)

select * from known
