-- entries to marts: actual and budget by reported project, and actual by leaf project, add up to
-- the entries
with

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek

    from {{ ref('int_investments__entries') }}
    group by organisation_id, board_id, fiscal_year

),

variances as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_sek) as actual_sek,
        sum(budget_sek) as budget_sek

    from {{ ref('fct_investment_variance') }}
    group by organisation_id, board_id, fiscal_year

),

years as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(amount_sek) as actual_sek

    from {{ ref('fct_project_year') }}
    group by organisation_id, board_id, fiscal_year

)

select
    {{ key_text([
        'entered.organisation_id',
        'entered.board_id',
        'entered.fiscal_year',
    ]) }} as board_key,
    entered.actual_sek as entered_actual_sek,
    variances.actual_sek as variance_actual_sek,
    years.actual_sek as project_year_actual_sek,
    entered.budget_sek as entered_budget_sek,
    variances.budget_sek as variance_budget_sek
from entered
left join variances
    on
        entered.organisation_id = variances.organisation_id
        and entered.board_id = variances.board_id
        and entered.fiscal_year = variances.fiscal_year
left join years
    on
        entered.organisation_id = years.organisation_id
        and entered.board_id = years.board_id
        and entered.fiscal_year = years.fiscal_year
where
    entered.actual_sek is distinct from variances.actual_sek
    or entered.budget_sek is distinct from variances.budget_sek
    or coalesce(entered.actual_sek, 0) <> coalesce(years.actual_sek, 0)
