with

indicators as (

    select * from {{ ref('stg_goals__indicators') }}

),

indicator_values as (

    select * from {{ ref('stg_goals__indicator_values') }}

),

places as (

    select * from {{ ref('stg_goals__places') }}

),

words as (

    select * from {{ ref('stg_reference__stated_words') }}

),

final as (

    select
        indicator_values.organisation_id,
        indicator_values.board_id,
        indicator_values.fiscal_year,
        indicator_values.indicator_id,
        indicator_values.place,
        indicators.indicator_name,
        places.place_name,
        indicators.unit,
        indicator_values.qualifier,
        words.word_name as qualifier_name,
        indicator_values.value,
        years_before.value as previous_value,
        cast(indicator_values.value - years_before.value as decimal(28, 6)) as change

    from indicator_values
    left join indicators
        on
            indicator_values.organisation_id = indicators.organisation_id
            and indicator_values.board_id = indicators.board_id
            and indicator_values.indicator_id = indicators.indicator_id
    left join places
        on
            indicator_values.organisation_id = places.organisation_id
            and indicator_values.place = places.place
    left join indicator_values as years_before
        on
            indicator_values.organisation_id = years_before.organisation_id
            and indicator_values.board_id = years_before.board_id
            and indicator_values.indicator_id = years_before.indicator_id
            and indicator_values.place = years_before.place
            and indicator_values.fiscal_year = years_before.fiscal_year + 1
    left join words
        on indicator_values.qualifier = words.word

)

select * from final
