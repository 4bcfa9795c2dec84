with

entries as (

    select * from {{ ref('int_operating__entries') }}

),

sums as (

    select * from {{ ref('int_operating__activities_summed') }}

),

closed_years as (

    -- a stated amount is one of the whole year; a ledger holds the whole year when it has reached
    -- December
    select
        organisation_id,
        board_id,
        fiscal_year

    from entries
    where scenario = 'actual'
    group by organisation_id, board_id, fiscal_year
    having coalesce(max(period), 12) >= 12

),

outcomes as (

    select
        sums.organisation_id,
        sums.board_id,
        sums.fiscal_year,
        sums.activity_code,
        sums.actual_net_sek

    from sums
    inner join closed_years
        on
            sums.organisation_id = closed_years.organisation_id
            and sums.board_id = closed_years.board_id
            and sums.fiscal_year = closed_years.fiscal_year

)

select * from outcomes
