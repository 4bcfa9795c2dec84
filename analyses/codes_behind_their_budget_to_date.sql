-- Which codes are behind their budget to date, by how much, and is it what they buy from others or
-- from the municipality itself? The last booked month of each board and year.
with

months as (

    select * from {{ ref('fct_monthly_activity') }}

),

last_booked as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        max(period) as period

    from months
    where actual_sek is not null
    group by organisation_id, board_id, fiscal_year

),

sums as (

    -- what a month is of the year so far stands beside its running sums
    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        sum(actual_internal_sek) as internal_to_date_sek,
        sum(actual_external_sek) as external_to_date_sek,
        sum(actual_unclassified_sek) as unclassified_to_date_sek,
        sum(budget_sek) as year_budget_sek

    from months
    group by organisation_id, board_id, fiscal_year, activity_code

),

behind as (

    select
        months.organisation_id,
        months.board_id,
        months.fiscal_year,
        months.period_name,
        months.activity_code,
        months.activity_name,
        months.actual_accumulated_sek,
        months.budget_to_date_sek,
        months.variance_to_date_sek,
        {{ share('months.variance_to_date_sek', 'abs(months.budget_to_date_sek)') }}
            as variance_share,
        sums.internal_to_date_sek,
        sums.external_to_date_sek,
        sums.unclassified_to_date_sek,
        sums.year_budget_sek

    from months
    inner join last_booked
        on
            months.organisation_id = last_booked.organisation_id
            and months.board_id = last_booked.board_id
            and months.fiscal_year = last_booked.fiscal_year
            and months.period = last_booked.period
    inner join sums
        on
            months.organisation_id = sums.organisation_id
            and months.board_id = sums.board_id
            and months.fiscal_year = sums.fiscal_year
            and months.activity_code = sums.activity_code
    where months.variance_to_date_sek is not null

)

select * from behind
order by organisation_id, board_id, fiscal_year, variance_to_date_sek, activity_code
