-- entries to mart: an activity code outside the board's list would fall out without a word
with

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek,
        sum(case when scenario = 'forecast' then amount_sek end) as forecast_sek

    from {{ ref('int_operating__entries') }}
    group by organisation_id, board_id, fiscal_year

),

marted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_net_sek) as actual_sek,
        sum(budget_net_sek) as budget_sek,
        sum(forecast_net_sek) as forecast_sek

    from {{ ref('fct_activity_variance') }}
    group by organisation_id, board_id, fiscal_year

)

select
    {{ key_text([
        'entered.organisation_id',
        'entered.board_id',
        'entered.fiscal_year',
    ]) }} as board_key,
    entered.actual_sek as entered_actual_sek,
    marted.actual_sek as mart_actual_sek,
    entered.budget_sek as entered_budget_sek,
    marted.budget_sek as mart_budget_sek,
    entered.forecast_sek as entered_forecast_sek,
    marted.forecast_sek as mart_forecast_sek
from entered
left join marted
    on
        entered.organisation_id = marted.organisation_id
        and entered.board_id = marted.board_id
        and entered.fiscal_year = marted.fiscal_year
where
    entered.actual_sek is distinct from marted.actual_sek
    or entered.budget_sek is distinct from marted.budget_sek
    or entered.forecast_sek is distinct from marted.forecast_sek
