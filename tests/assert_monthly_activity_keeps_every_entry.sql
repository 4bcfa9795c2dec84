-- entries to mart: the months of a board add up to what is posted by period, and their last running
-- sum to the year
with

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek

    from {{ ref('int_operating__entries') }}
    where period is not null
    group by organisation_id, board_id, fiscal_year

),

last_periods as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        max(case when actual_sek is not null then period end) as last_actual_period,
        max(period) as last_period

    from {{ ref('fct_monthly_activity') }}
    group by organisation_id, board_id, fiscal_year

),

marted as (

    select
        months.organisation_id,
        months.board_id,
        months.fiscal_year,
        sum(months.actual_sek) as actual_sek,
        sum(months.budget_sek) as budget_sek,
        sum(
            case
                when months.period = last_periods.last_actual_period
                    then months.actual_accumulated_sek
            end
        ) as accumulated_sek,
        sum(
            case when months.period = last_periods.last_period then months.budget_to_date_sek end
        ) as budget_to_date_sek

    from {{ ref('fct_monthly_activity') }} as months
    inner join last_periods
        on
            months.organisation_id = last_periods.organisation_id
            and months.board_id = last_periods.board_id
            and months.fiscal_year = last_periods.fiscal_year
    group by months.organisation_id, months.board_id, months.fiscal_year

)

select
    {{ key_text([
        'entered.organisation_id',
        'entered.board_id',
        'entered.fiscal_year',
    ]) }} as board_key,
    entered.actual_sek as entered_actual_sek,
    marted.actual_sek as mart_actual_sek,
    marted.accumulated_sek as mart_accumulated_sek,
    entered.budget_sek as entered_budget_sek,
    marted.budget_sek as mart_budget_sek,
    marted.budget_to_date_sek as mart_budget_to_date_sek
from entered
left join marted
    on
        entered.organisation_id = marted.organisation_id
        and entered.board_id = marted.board_id
        and entered.fiscal_year = marted.fiscal_year
where
    entered.actual_sek is distinct from marted.actual_sek
    or entered.actual_sek is distinct from marted.accumulated_sek
    or marted.budget_sek is distinct from marted.budget_to_date_sek
    -- a budget that is not posted by period is none of a month
    or (marted.budget_sek is not null and entered.budget_sek is distinct from marted.budget_sek)
