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

outcome_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id as key_part,
        unit,
        target_value,
        outcome_value,
        previous_value,
        change,
        better_count,
        numerator,
        denominator

    from outcomes

),

outcome_figures as (

    select
        outcome_rows.organisation_id,
        outcome_rows.board_id,
        outcome_rows.fiscal_year,
        'measure/' || outcome_rows.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('outcome_rows', [
            'target_value',
            'outcome_value',
            'previous_value',
            'change',
            'better_count',
            'numerator',
            'denominator',
        ]) }} as value,
        case
            when measures.unit is not null then measures.unit
            when measures.column_name = 'change' and outcome_rows.unit = 'percent' then 'percentage_points'
            else outcome_rows.unit
        end as unit,
        measures.mart_name,
        measures.column_name

    from outcome_rows
    inner join measures
        on measures.mart_name = 'fct_measure_outcome'

),

goal_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        goal_id as key_part,
        measure_count,
        met_count

    from goal_statuses

),

goal_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'total' as key_part,
        sum(measure_count) as measure_count,
        sum(met_count) as met_count

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

),

goal_parts as (

    select * from goal_rows
    union all
    select * from goal_totals

),

goal_figures as (

    select
        goal_parts.organisation_id,
        goal_parts.board_id,
        goal_parts.fiscal_year,
        'goal/' || goal_parts.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('goal_parts', [
            'measure_count',
            'met_count',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from goal_parts
    inner join measures
        on measures.mart_name = 'fct_goal_status'

),

goal_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'goal/total/goals' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_goal_status' as mart_name,
        'goal_id' as column_name

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'goal/total/met' as figure_key,
        cast(count(case when status = 'met' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_goal_status' as mart_name,
        'status' as column_name

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'goal/total/partly_met' as figure_key,
        cast(count(case when status = 'partly_met' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_goal_status' as mart_name,
        'status' as column_name

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'goal/total/not_met' as figure_key,
        cast(count(case when status = 'not_met' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_goal_status' as mart_name,
        'status' as column_name

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'goal/total/no_data' as figure_key,
        cast(count(case when status = 'no_data' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_goal_status' as mart_name,
        'status' as column_name

    from goal_statuses
    group by organisation_id, board_id, fiscal_year

),

indicator_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        indicator_id || '/' || place as key_part,
        unit,
        value,
        previous_value,
        change

    from indicators

),

indicator_figures as (

    select
        indicator_rows.organisation_id,
        indicator_rows.board_id,
        indicator_rows.fiscal_year,
        'indicator/' || indicator_rows.key_part || case measures.figure_name
            when 'value' then ''
            else '/' || measures.figure_name
        end as figure_key,
        {{ figure_value('indicator_rows', [
            'value',
            'previous_value',
            'change',
        ]) }} as value,
        case
            when measures.unit is not null then measures.unit
            when measures.column_name = 'change' and indicator_rows.unit = 'percent' then 'percentage_points'
            else indicator_rows.unit
        end as unit,
        measures.mart_name,
        measures.column_name

    from indicator_rows
    inner join measures
        on measures.mart_name = 'fct_indicator'

),

assignment_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        assignment_id as key_part,
        amount_sek,
        reached_count,
        unit_count

    from assignments

),

assignment_figures as (

    select
        assignment_rows.organisation_id,
        assignment_rows.board_id,
        assignment_rows.fiscal_year,
        'assignment/' || assignment_rows.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('assignment_rows', [
            'amount_sek',
            'reached_count',
            'unit_count',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from assignment_rows
    inner join measures
        on measures.mart_name = 'fct_assignment'

),

assignment_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'assignment/total/assignments' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_assignment' as mart_name,
        'assignment_id' as column_name

    from assignments
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'assignment/council/assignments' as figure_key,
        cast(count(case when assigned_by = 'council' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_assignment' as mart_name,
        'assigned_by' as column_name

    from assignments
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'assignment/board/assignments' as figure_key,
        cast(count(case when assigned_by = 'board' then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_assignment' as mart_name,
        'assigned_by' as column_name

    from assignments
    group by organisation_id, board_id, fiscal_year

),

programme_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'programme/total/programmes' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_programme' as mart_name,
        'programme_id' as column_name

    from programmes
    group by organisation_id, board_id, fiscal_year

),

focus_area_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'focus_area/total/areas' as figure_key,
        cast(count(distinct focus_area_id) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_focus_area' as mart_name,
        'focus_area_id' as column_name

    from focus_areas
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'focus_area/total/items' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_focus_area' as mart_name,
        'item_number' as column_name

    from focus_areas
    group by organisation_id, board_id, fiscal_year

),

figures as (

    select * from outcome_figures
    union all
    select * from goal_figures
    union all
    select * from goal_counts
    union all
    select * from indicator_figures
    union all
    select * from assignment_figures
    union all
    select * from assignment_counts
    union all
    select * from programme_counts
    union all
    select * from focus_area_counts

),

known as (

    -- a figure that is not known is no figure
    select * from figures
    where value is not null

)

select * from known
