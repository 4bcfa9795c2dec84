with

entries as (

    select * from {{ ref('int_operating__entries') }}

),

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

periods as (

    select * from {{ ref('stg_reference__periods') }}

),

posted as (

    -- a budget that lies in one single period, or in none, is one of the year and not of a month
    select
        organisation_id,
        board_id,
        fiscal_year,
        coalesce(max(case when scenario = 'actual' then period end), 0) as last_booked_period,
        count(distinct case when scenario = 'budget' then period end) > 1
        and count(case when scenario = 'budget' and period is null then 1 end) = 0
            as is_budgeted,
        coalesce(max(case when scenario = 'budget' then period end), 0) as last_budget_period

    from entries
    where scenario in ('actual', 'budget')
    group by organisation_id, board_id, fiscal_year

),

followed as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        last_booked_period,
        is_budgeted,
        last_booked_period = 13 or (is_budgeted and last_budget_period = 13) as has_year_end

    from posted
    where last_booked_period > 0 or is_budgeted

),

spanned as (

    select
        followed.organisation_id,
        followed.board_id,
        followed.fiscal_year,
        periods.period,
        activity_codes.activity_code,
        periods.period_name,
        activity_codes.activity_name,
        periods.period <= followed.last_booked_period as is_booked,
        followed.is_budgeted

    from followed
    inner join activity_codes
        on
            followed.organisation_id = activity_codes.organisation_id
            and followed.board_id = activity_codes.board_id
            and followed.fiscal_year = activity_codes.fiscal_year
    inner join periods
        on periods.period <= 12 or followed.has_year_end

)

select * from spanned
