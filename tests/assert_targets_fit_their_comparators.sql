-- a comparator that reads a target has one, one that does not has none, and only "all of" has
-- conditions
with

comparators as (

    select * from {{ ref('stg_reference__comparators') }}

),

aims as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        comparator,
        target_value,
        false as is_condition

    from {{ ref('stg_goals__measure_targets') }}

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        comparator,
        target_value,
        true as is_condition

    from {{ ref('stg_goals__measure_conditions') }}

),

conditions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        count(case when is_condition then 1 end) as condition_count

    from aims
    group by organisation_id, board_id, fiscal_year, measure_id

)

select
    {{ key_text([
        'aims.organisation_id',
        'aims.board_id',
        'aims.fiscal_year',
        'aims.measure_id',
    ]) }} as measure_key,
    aims.comparator,
    aims.target_value,
    conditions.condition_count
from aims
inner join conditions
    on
        aims.organisation_id = conditions.organisation_id
        and aims.board_id = conditions.board_id
        and aims.fiscal_year = conditions.fiscal_year
        and aims.measure_id = conditions.measure_id
left join comparators
    on aims.comparator = comparators.comparator
where
    (comparators.compares_with in ('target', 'rank_share')) is distinct from (
        aims.target_value is not null
    )
    or (aims.is_condition and comparators.compares_with = 'conditions')
    or (
        not aims.is_condition
        and (comparators.compares_with = 'conditions') is distinct from (
            conditions.condition_count > 0
        )
    )
