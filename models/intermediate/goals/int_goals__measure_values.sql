with

measures as (

    select * from {{ ref('stg_goals__measures') }}

),

outcomes as (

    select * from {{ ref('stg_goals__measure_outcomes') }}

),

counted as (

    -- a rank states how many are better: rank = better + 1, of the whole group
    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        outcome_value as stated_outcome,
        previous_value as stated_previous,
        change_from_previous,
        better_count,
        coalesce(numerator, better_count + 1) as numerator,
        coalesce(denominator, group_size) as denominator

    from outcomes

),

with_outcome as (

    select
        measures.organisation_id,
        measures.board_id,
        measures.fiscal_year,
        measures.measure_id,
        measures.direction_of_good,
        measures.decimals,
        counted.better_count,
        counted.numerator,
        counted.denominator,
        counted.stated_outcome,
        counted.stated_previous,
        counted.change_from_previous,
        case measures.unit
            when 'percent' then {{ percentage('counted.numerator', 'counted.denominator') }}
            when 'rank' then counted.numerator
        end as counted_outcome

    from measures
    left join counted
        on
            measures.organisation_id = counted.organisation_id
            and measures.board_id = counted.board_id
            and measures.fiscal_year = counted.fiscal_year
            and measures.measure_id = counted.measure_id

),

with_value as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        direction_of_good,
        decimals,
        better_count,
        numerator,
        denominator,
        counted_outcome,
        stated_outcome,
        stated_previous,
        coalesce(stated_outcome, counted_outcome) as outcome_value,
        coalesce(stated_outcome, counted_outcome) - change_from_previous as changed_from

    from with_outcome

),

with_previous as (

    -- last year's value as the warehouse knows it, else as printed, else computed from a printed
    -- change
    select
        with_value.organisation_id,
        with_value.board_id,
        with_value.fiscal_year,
        with_value.measure_id,
        with_value.direction_of_good,
        with_value.decimals,
        with_value.better_count,
        with_value.numerator,
        with_value.denominator,
        with_value.stated_outcome,
        with_value.counted_outcome,
        with_value.stated_previous,
        with_value.changed_from,
        with_value.outcome_value,
        years_before.outcome_value as known_previous,
        years_before.stated_outcome as known_stated_previous,
        coalesce(
            years_before.outcome_value, with_value.stated_previous, with_value.changed_from
        ) as previous_value

    from with_value
    left join with_value as years_before
        on
            with_value.organisation_id = years_before.organisation_id
            and with_value.board_id = years_before.board_id
            and with_value.fiscal_year = years_before.fiscal_year + 1
            and with_value.measure_id = years_before.measure_id

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        decimals,
        better_count,
        numerator,
        denominator,
        stated_outcome,
        counted_outcome,
        known_previous,
        coalesce(stated_previous, changed_from) as stated_previous,
        outcome_value,
        previous_value,
        case
            when outcome_value is null or previous_value is null then 'unknown'
            when outcome_value = previous_value then 'equal'
            when (outcome_value > previous_value) = (direction_of_good = 'higher') then 'better'
            else 'worse'
        end as trend,
        (outcome_value is not null and stated_outcome is null)
        or (known_previous is not null and known_stated_previous is null)
        or (known_previous is null and stated_previous is null and changed_from is not null)
            as is_derived

    from with_previous

)

select * from final
