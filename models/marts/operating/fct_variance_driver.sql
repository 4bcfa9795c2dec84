with

drivers as (

    select * from {{ ref('stg_operating__drivers') }}

),

sums as (

    select * from {{ ref('int_operating__activities_summed') }}

),

variances as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        actual_net_sek - budget_net_sek as variance_sek

    from sums

    union all

    -- a driver without an activity code explains the whole result
    select
        organisation_id,
        board_id,
        fiscal_year,
        '' as activity_code,
        sum(actual_net_sek) - sum(budget_net_sek) as variance_sek

    from sums
    group by organisation_id, board_id, fiscal_year

),

named as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        coalesce(activity_code, '') as activity_code,
        sum(amount_sek) as named_sek

    from drivers
    group by organisation_id, board_id, fiscal_year, coalesce(activity_code, '')

),

final as (

    select
        drivers.organisation_id,
        drivers.board_id,
        drivers.fiscal_year,
        drivers.driver_id,
        drivers.driver_name,
        drivers.activity_code,
        drivers.qualifier = 'about' as is_approximate,
        drivers.amount_sek,
        drivers.change_since_forecast_sek,
        cast(variances.variance_sek as decimal(18, 2)) as variance_sek,
        {{ share('drivers.amount_sek', 'variances.variance_sek') }} as explained_share,
        cast(variances.variance_sek - named.named_sek as decimal(18, 2)) as residual_sek

    from drivers
    inner join named
        on
            drivers.organisation_id = named.organisation_id
            and drivers.board_id = named.board_id
            and drivers.fiscal_year = named.fiscal_year
            and coalesce(drivers.activity_code, '') = named.activity_code
    left join variances
        on
            drivers.organisation_id = variances.organisation_id
            and drivers.board_id = variances.board_id
            and drivers.fiscal_year = variances.fiscal_year
            and coalesce(drivers.activity_code, '') = variances.activity_code

)

select * from final
