with

measures as (

    select * from {{ ref('stg_goals__measures') }}

),

judged as (

    select * from {{ ref('int_goals__measures_judged') }}

),

measure_values as (

    select * from {{ ref('int_goals__measure_values') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

trends as (

    select * from {{ ref('stg_reference__trends') }}

),

final as (

    select
        measures.organisation_id,
        measures.board_id,
        measures.fiscal_year,
        measures.measure_id,
        measures.goal_id,
        measures.measure_name,
        measures.unit,
        judged.comparator,
        judged.comparator_name,
        judged.target_value,
        measure_values.outcome_value,
        measure_values.previous_value,
        cast(
            measure_values.outcome_value - measure_values.previous_value as decimal(28, 6)
        ) as change,
        measure_values.better_count,
        measure_values.numerator,
        measure_values.denominator,
        case judged.status
            when 'met' then true
            when 'not_met' then false
        end as is_met,
        judged.status,
        statuses.status_name,
        statuses.colour,
        judged.trend,
        trends.trend_name,
        measure_values.is_derived

    from measures
    inner join judged
        on
            measures.organisation_id = judged.organisation_id
            and measures.board_id = judged.board_id
            and measures.fiscal_year = judged.fiscal_year
            and measures.measure_id = judged.measure_id
    inner join measure_values
        on
            measures.organisation_id = measure_values.organisation_id
            and measures.board_id = measure_values.board_id
            and measures.fiscal_year = measure_values.fiscal_year
            and measures.measure_id = measure_values.measure_id
    left join statuses
        on
            statuses.subject = 'measure'
            and judged.status = statuses.status
    left join trends
        on judged.trend = trends.trend

)

select * from final
