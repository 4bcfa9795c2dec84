with

entries as (

    select * from {{ ref('int_operating__entries') }}

),

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

scenarios as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario

    from entries
    group by organisation_id, board_id, fiscal_year, scenario

),

by_code as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        activity_code,
        entry_class,
        cast(sum(amount_sek) as decimal(18, 2)) as amount_sek

    from entries
    group by organisation_id, board_id, fiscal_year, scenario, activity_code, entry_class

),

empty_codes as (

    -- a code without entries has a 0 there, if the board has others of that scenario
    select
        activity_codes.organisation_id,
        activity_codes.board_id,
        activity_codes.fiscal_year,
        scenarios.scenario,
        activity_codes.activity_code,
        'unsplit' as entry_class,
        cast(0 as decimal(18, 2)) as amount_sek

    from activity_codes
    inner join scenarios
        on
            activity_codes.organisation_id = scenarios.organisation_id
            and activity_codes.board_id = scenarios.board_id
            and activity_codes.fiscal_year = scenarios.fiscal_year
    left join by_code
        on
            activity_codes.organisation_id = by_code.organisation_id
            and activity_codes.board_id = by_code.board_id
            and activity_codes.fiscal_year = by_code.fiscal_year
            and activity_codes.activity_code = by_code.activity_code
            and scenarios.scenario = by_code.scenario
    where by_code.activity_code is null

),

completed as (

    select * from by_code
    union all
    select * from empty_codes

)

select * from completed
