-- a code outside the board's list would fall out of the mart without a word
with

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek

    from entries_in_force
    where account_kind = 'operating'
    group by organisation_id, board_id, fiscal_year

),

marted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_net_sek) as actual_sek,
        sum(budget_net_sek) as budget_sek

    from fct_activity_variance
    group by organisation_id, board_id, fiscal_year

)

select
    entered.organisation_id,
    entered.board_id,
    entered.fiscal_year
from entered
left join marted
    on
        entered.organisation_id = marted.organisation_id
        and entered.board_id = marted.board_id
        and entered.fiscal_year = marted.fiscal_year
where
    (entered.actual_sek is distinct from marted.actual_sek)
    or (entered.budget_sek is distinct from marted.budget_sek)
