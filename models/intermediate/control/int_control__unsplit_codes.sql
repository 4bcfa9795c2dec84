with

activities as (

    select * from {{ ref('fct_activity_variance') }}

),

income_lines as (

    select * from {{ ref('fct_income_statement') }}

),

scenarios as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        'actual' as scenario,
        actual_revenue_sek as revenue_sek,
        actual_cost_sek as cost_sek,
        actual_net_sek as net_sek

    from activities
    where actual_net_sek is not null

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        'budget' as scenario,
        budget_revenue_sek as revenue_sek,
        budget_cost_sek as cost_sek,
        budget_net_sek as net_sek

    from activities
    where budget_net_sek is not null

),

by_board as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        coalesce(sum(revenue_sek), 0) as split_revenue_sek,
        coalesce(sum(cost_sek), 0) as split_cost_sek,
        coalesce(sum(case when revenue_sek is null then net_sek end), 0) as unsplit_net_sek,
        coalesce(sum(net_sek - revenue_sek - cost_sek), 0) as rounding_sek

    from scenarios
    group by organisation_id, board_id, fiscal_year, scenario

),

by_result as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(case when line_role = 'revenue' then actual_sek end) as actual_revenue_sek,
        sum(case when line_role = 'cost' then actual_sek end) as actual_cost_sek,
        sum(case when line_role = 'revenue' then budget_sek end) as budget_revenue_sek,
        sum(case when line_role = 'cost' then budget_sek end) as budget_cost_sek

    from income_lines
    group by organisation_id, board_id, fiscal_year

),

computed as (

    -- what the result summary holds beyond the codes with a split belongs to the codes without one
    select
        by_board.organisation_id,
        by_board.board_id,
        by_board.fiscal_year,
        by_board.scenario,
        cast(case by_board.scenario
            when 'actual' then by_result.actual_revenue_sek
            else by_result.budget_revenue_sek
        end - by_board.split_revenue_sek as decimal(18, 2)) as unsplit_revenue_sek,
        cast(case by_board.scenario
            when 'actual' then by_result.actual_cost_sek
            else by_result.budget_cost_sek
        end - by_board.split_cost_sek as decimal(18, 2)) as unsplit_cost_sek,
        cast(by_board.unsplit_net_sek as decimal(18, 2)) as unsplit_net_sek,
        cast(by_board.rounding_sek as decimal(18, 2)) as rounding_sek

    from by_board
    inner join by_result
        on
            by_board.organisation_id = by_result.organisation_id
            and by_board.board_id = by_result.board_id
            and by_board.fiscal_year = by_result.fiscal_year

),

final as (

    -- a summary that does not state the scenario leaves nothing to compare
    select * from computed
    where unsplit_revenue_sek is not null and unsplit_cost_sek is not null

)

select * from final
