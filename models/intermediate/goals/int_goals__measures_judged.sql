with

measures as (

    select * from {{ ref('stg_goals__measures') }}

),

measure_values as (

    select * from {{ ref('int_goals__measure_values') }}

),

conditions as (

    select * from {{ ref('int_goals__conditions_judged') }}

),

targets as (

    select * from {{ ref('stg_goals__measure_targets') }}

),

comparators as (

    select * from {{ ref('stg_reference__comparators') }}

),

by_measure as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        count(*) as condition_count,
        count(case when is_met then 1 end) as met_count,
        count(case when not is_met then 1 end) as missed_count,
        -- several targets at once are no single target
        case when min(target_value) = max(target_value) then min(target_value) end as target_value

    from conditions
    group by organisation_id, board_id, fiscal_year, measure_id

),

judged as (

    select
        measures.organisation_id,
        measures.board_id,
        measures.fiscal_year,
        measures.goal_id,
        measures.measure_id,
        targets.comparator,
        comparators.comparator_name,
        by_measure.target_value,
        measure_values.trend,
        case
            when measure_values.outcome_value is null then 'no_outcome'
            when by_measure.missed_count > 0 then 'not_met'
            when by_measure.met_count = by_measure.condition_count then 'met'
            -- nothing to hold the outcome against: no target, or last year's value is missing
            else 'no_target'
        end as status

    from measures
    left join measure_values
        on
            measures.organisation_id = measure_values.organisation_id
            and measures.board_id = measure_values.board_id
            and measures.fiscal_year = measure_values.fiscal_year
            and measures.measure_id = measure_values.measure_id
    left join by_measure
        on
            measures.organisation_id = by_measure.organisation_id
            and measures.board_id = by_measure.board_id
            and measures.fiscal_year = by_measure.fiscal_year
            and measures.measure_id = by_measure.measure_id
    left join targets
        on
            measures.organisation_id = targets.organisation_id
            and measures.board_id = targets.board_id
            and measures.fiscal_year = targets.fiscal_year
            and measures.measure_id = targets.measure_id
    left join comparators
        on targets.comparator = comparators.comparator

)

select * from judged
