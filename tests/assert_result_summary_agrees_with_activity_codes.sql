-- parts 1 and 2 of the report: the result line is the sum of the activity codes, for actual and
-- budget
with

results as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        actual_sek,
        budget_sek

    from {{ ref('fct_income_statement') }}
    where line_role = 'result'

),

activities as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_net_sek) as actual_sek,
        sum(budget_net_sek) as budget_sek

    from {{ ref('fct_activity_variance') }}
    group by organisation_id, board_id, fiscal_year

)

select
    {{ key_text([
        'results.organisation_id',
        'results.board_id',
        'results.fiscal_year',
    ]) }} as board_key,
    results.actual_sek as result_actual_sek,
    activities.actual_sek as activities_actual_sek,
    results.budget_sek as result_budget_sek,
    activities.budget_sek as activities_budget_sek
from results
inner join activities
    on
        results.organisation_id = activities.organisation_id
        and results.board_id = activities.board_id
        and results.fiscal_year = activities.fiscal_year
where
    results.actual_sek is distinct from activities.actual_sek
    or results.budget_sek is distinct from activities.budget_sek
