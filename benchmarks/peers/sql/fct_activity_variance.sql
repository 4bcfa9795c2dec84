with

sums as (

    -- a code with entries has its split, be one side of it 0
    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        sum(case when scenario = 'actual' and entry_class = 'revenue' then amount_sek
            when scenario = 'actual' then 0 end) as actual_revenue_sek,
        sum(case when scenario = 'actual' and entry_class = 'cost' then amount_sek
            when scenario = 'actual' then 0 end) as actual_cost_sek,
        sum(case when scenario = 'actual' then amount_sek end) as actual_net_sek,
        sum(case when scenario = 'budget' and entry_class = 'revenue' then amount_sek
            when scenario = 'budget' then 0 end) as budget_revenue_sek,
        sum(case when scenario = 'budget' and entry_class = 'cost' then amount_sek
            when scenario = 'budget' then 0 end) as budget_cost_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_net_sek

    from entries_in_force
    where account_kind = 'operating'
    group by organisation_id, board_id, fiscal_year, activity_code

),

boards as (

    select * from boards_posted where account_kind = 'operating'

),

joined as (

    select
        activity_codes.organisation_id,
        activity_codes.board_id,
        activity_codes.fiscal_year,
        activity_codes.activity_code,
        sums.actual_revenue_sek,
        sums.actual_cost_sek,
        case when boards.has_actual then coalesce(sums.actual_net_sek, 0) end as actual_net_sek,
        sums.budget_revenue_sek,
        sums.budget_cost_sek,
        case when boards.has_budget then coalesce(sums.budget_net_sek, 0) end as budget_net_sek,
        case
            when boards_before.has_actual then coalesce(sums_before.actual_net_sek, 0)
        end as prior_actual_net_sek

    from activity_codes
    left join sums
        on
            activity_codes.organisation_id = sums.organisation_id
            and activity_codes.board_id = sums.board_id
            and activity_codes.fiscal_year = sums.fiscal_year
            and activity_codes.activity_code = sums.activity_code
    left join boards
        on
            activity_codes.organisation_id = boards.organisation_id
            and activity_codes.board_id = boards.board_id
            and activity_codes.fiscal_year = boards.fiscal_year
    left join sums as sums_before
        on
            activity_codes.organisation_id = sums_before.organisation_id
            and activity_codes.board_id = sums_before.board_id
            and activity_codes.fiscal_year = sums_before.fiscal_year + 1
            and activity_codes.activity_code = sums_before.activity_code
    left join boards as boards_before
        on
            activity_codes.organisation_id = boards_before.organisation_id
            and activity_codes.board_id = boards_before.board_id
            and activity_codes.fiscal_year = boards_before.fiscal_year + 1

)

select
    organisation_id,
    board_id,
    fiscal_year,
    activity_code,
    cast(actual_revenue_sek as decimal(18, 2)) as actual_revenue_sek,
    cast(actual_cost_sek as decimal(18, 2)) as actual_cost_sek,
    cast(actual_net_sek as decimal(18, 2)) as actual_net_sek,
    cast(budget_revenue_sek as decimal(18, 2)) as budget_revenue_sek,
    cast(budget_cost_sek as decimal(18, 2)) as budget_cost_sek,
    cast(budget_net_sek as decimal(18, 2)) as budget_net_sek,
    cast(actual_revenue_sek - budget_revenue_sek as decimal(18, 2)) as variance_revenue_sek,
    cast(actual_cost_sek - budget_cost_sek as decimal(18, 2)) as variance_cost_sek,
    cast(actual_net_sek - budget_net_sek as decimal(18, 2)) as variance_net_sek,
    cast(prior_actual_net_sek as decimal(18, 2)) as prior_actual_net_sek
from joined
