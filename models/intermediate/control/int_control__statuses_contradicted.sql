with

outcomes as (

    select * from {{ ref('stg_goals__measure_outcomes') }}

),

measure_outcomes as (

    select * from {{ ref('fct_measure_outcome') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

contradicted as (

    -- the board's own word beside what its outcome and target say
    select
        outcomes.organisation_id,
        outcomes.board_id,
        outcomes.fiscal_year,
        'stated_status_against_measure' as rule_id,
        'measure/' || outcomes.measure_id as subject,
        statuses.status_name || ' (planeringssystemet)' as first_side,
        measure_outcomes.status_name || ' (utfall mot målvärde)' as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from outcomes
    inner join measure_outcomes
        on
            outcomes.organisation_id = measure_outcomes.organisation_id
            and outcomes.board_id = measure_outcomes.board_id
            and outcomes.fiscal_year = measure_outcomes.fiscal_year
            and outcomes.measure_id = measure_outcomes.measure_id
    left join statuses
        on
            statuses.subject = 'goal'
            and outcomes.stated_status = statuses.status
    where outcomes.stated_status <> measure_outcomes.status

)

select * from contradicted
