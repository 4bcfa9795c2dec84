with

targets as (

    select * from {{ ref('stg_goals__measure_targets') }}

),

conditions as (

    select * from {{ ref('stg_goals__measure_conditions') }}

),

comparators as (

    select * from {{ ref('stg_reference__comparators') }}

),

measure_values as (

    select * from {{ ref('int_goals__measure_values') }}

),

all_conditions as (

    -- a measure's own target is its only condition, unless it asks for all of several
    select
        targets.organisation_id,
        targets.board_id,
        targets.fiscal_year,
        targets.measure_id,
        0 as condition_number,
        targets.comparator,
        targets.target_value

    from targets
    inner join comparators
        on targets.comparator = comparators.comparator
    where comparators.compares_with <> 'conditions'

    union all

    select
        conditions.organisation_id,
        conditions.board_id,
        conditions.fiscal_year,
        conditions.measure_id,
        conditions.condition_number,
        conditions.comparator,
        conditions.target_value

    from conditions
    inner join targets
        on
            conditions.organisation_id = targets.organisation_id
            and conditions.board_id = targets.board_id
            and conditions.fiscal_year = targets.fiscal_year
            and conditions.measure_id = targets.measure_id
    inner join comparators
        on targets.comparator = comparators.comparator
    where comparators.compares_with = 'conditions'

),

with_reference as (

    select
        all_conditions.organisation_id,
        all_conditions.board_id,
        all_conditions.fiscal_year,
        all_conditions.measure_id,
        all_conditions.condition_number,
        all_conditions.target_value,
        comparators.accepts_less,
        comparators.accepts_equal,
        comparators.accepts_more,
        case comparators.compares_with
            when 'rank_share'
                then {{ percentage('measure_values.numerator', 'measure_values.denominator') }}
            else measure_values.outcome_value
        end as compared_value,
        case comparators.compares_with
            when 'previous' then measure_values.previous_value
            else all_conditions.target_value
        end as reference_value

    from all_conditions
    inner join comparators
        on all_conditions.comparator = comparators.comparator
    left join measure_values
        on
            all_conditions.organisation_id = measure_values.organisation_id
            and all_conditions.board_id = measure_values.board_id
            and all_conditions.fiscal_year = measure_values.fiscal_year
            and all_conditions.measure_id = measure_values.measure_id

),

judged as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        condition_number,
        target_value,
        case
            when compared_value is null or reference_value is null then null
            when compared_value < reference_value then accepts_less
            when compared_value = reference_value then accepts_equal
            else accepts_more
        end as is_met

    from with_reference

)

select * from judged
