with

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

sums as (

    select * from {{ ref('int_operating__activities_summed') }}

),

comments as (

    select * from {{ ref('stg_operating__comments') }}

),

drivers as (

    select * from {{ ref('stg_operating__drivers') }}

),

explained as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        sum(amount_sek) as explained_sek

    from drivers
    where activity_code is not null
    group by organisation_id, board_id, fiscal_year, activity_code

),

boards_with_actual as (

    select
        organisation_id,
        board_id,
        fiscal_year

    from sums
    where actual_net_sek is not null
    group by organisation_id, board_id, fiscal_year

),

joined as (

    select
        activity_codes.organisation_id,
        activity_codes.board_id,
        activity_codes.fiscal_year,
        activity_codes.activity_code,
        activity_codes.activity_name,
        comments.analysis_number,
        comments.comment as analysis_comment,
        sums.actual_revenue_sek,
        sums.actual_cost_sek,
        sums.actual_net_sek,
        sums.budget_revenue_sek,
        sums.budget_cost_sek,
        sums.budget_net_sek,
        sums.forecast_net_sek,
        explained.explained_sek,
        -- a code that the board did not have the year before was 0 then, if the board is known at
        -- all
        case
            when
                boards_with_actual.fiscal_year is not null
                then coalesce(sums_before.actual_net_sek, 0)
        end as prior_actual_net_sek

    from activity_codes
    left join sums
        on
            activity_codes.organisation_id = sums.organisation_id
            and activity_codes.board_id = sums.board_id
            and activity_codes.fiscal_year = sums.fiscal_year
            and activity_codes.activity_code = sums.activity_code
    left join sums as sums_before
        on
            activity_codes.organisation_id = sums_before.organisation_id
            and activity_codes.board_id = sums_before.board_id
            and activity_codes.fiscal_year = sums_before.fiscal_year + 1
            and activity_codes.activity_code = sums_before.activity_code
    left join boards_with_actual
        on
            activity_codes.organisation_id = boards_with_actual.organisation_id
            and activity_codes.board_id = boards_with_actual.board_id
            and activity_codes.fiscal_year = boards_with_actual.fiscal_year + 1
    left join comments
        on
            activity_codes.organisation_id = comments.organisation_id
            and activity_codes.board_id = comments.board_id
            and activity_codes.fiscal_year = comments.fiscal_year
            and activity_codes.activity_code = comments.activity_code
    left join explained
        on
            activity_codes.organisation_id = explained.organisation_id
            and activity_codes.board_id = explained.board_id
            and activity_codes.fiscal_year = explained.fiscal_year
            and activity_codes.activity_code = explained.activity_code

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        activity_name,
        analysis_number,
        analysis_comment,
        cast(actual_revenue_sek as decimal(18, 2)) as actual_revenue_sek,
        cast(actual_cost_sek as decimal(18, 2)) as actual_cost_sek,
        cast(actual_net_sek as decimal(18, 2)) as actual_net_sek,
        cast(budget_revenue_sek as decimal(18, 2)) as budget_revenue_sek,
        cast(budget_cost_sek as decimal(18, 2)) as budget_cost_sek,
        cast(budget_net_sek as decimal(18, 2)) as budget_net_sek,
        cast(actual_revenue_sek - budget_revenue_sek as decimal(18, 2)) as variance_revenue_sek,
        cast(actual_cost_sek - budget_cost_sek as decimal(18, 2)) as variance_cost_sek,
        cast(actual_net_sek - budget_net_sek as decimal(18, 2)) as variance_net_sek,
        {{ share('actual_net_sek - budget_net_sek', 'abs(budget_net_sek)') }} as variance_share,
        cast(explained_sek as decimal(18, 2)) as explained_sek,
        -- without a named driver nothing is explained by an amount: all of the variance is left
        cast(
            actual_net_sek - budget_net_sek - coalesce(explained_sek, 0) as decimal(18, 2)
        ) as residual_sek,
        cast(prior_actual_net_sek as decimal(18, 2)) as prior_actual_net_sek,
        cast(forecast_net_sek as decimal(18, 2)) as forecast_net_sek

    from joined

)

select * from final
