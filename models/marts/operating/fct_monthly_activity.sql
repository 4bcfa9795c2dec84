with

months as (

    select * from {{ ref('int_operating__months_spanned') }}

),

entries as (

    select * from {{ ref('int_operating__entries') }}

),

by_month as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        activity_code,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(
            case
                when scenario = 'actual' and counterparty_class = 'internal' then amount_sek
            end
        ) as internal_sek,
        sum(
            case
                when scenario = 'actual' and counterparty_class = 'external' then amount_sek
            end
        ) as external_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek

    from entries
    where period is not null
    group by organisation_id, board_id, fiscal_year, period, activity_code

),

completed as (

    -- nothing posted is 0 in a booked period, and not known in one that is still to come
    select
        months.organisation_id,
        months.board_id,
        months.fiscal_year,
        months.period,
        months.activity_code,
        months.period_name,
        months.activity_name,
        months.is_booked,
        case when months.is_booked then coalesce(by_month.actual_sek, 0) end as actual_sek,
        case when months.is_booked then coalesce(by_month.internal_sek, 0) end as internal_sek,
        case when months.is_booked then coalesce(by_month.external_sek, 0) end as external_sek,
        case when months.is_budgeted then coalesce(by_month.budget_sek, 0) end as budget_sek

    from months
    left join by_month
        on
            months.organisation_id = by_month.organisation_id
            and months.board_id = by_month.board_id
            and months.fiscal_year = by_month.fiscal_year
            and months.period = by_month.period
            and months.activity_code = by_month.activity_code

),

accumulated as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        activity_code,
        period_name,
        activity_name,
        is_booked,
        actual_sek,
        internal_sek,
        external_sek,
        budget_sek,
        sum(actual_sek) over (
            partition by organisation_id, board_id, fiscal_year, activity_code
            order by period
        ) as accumulated_sek,
        sum(budget_sek) over (
            partition by organisation_id, board_id, fiscal_year, activity_code
            order by period
        ) as budget_to_date_sek

    from completed

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        period,
        activity_code,
        period_name,
        activity_name,
        cast(actual_sek as decimal(18, 2)) as actual_sek,
        cast(internal_sek as decimal(18, 2)) as actual_internal_sek,
        cast(external_sek as decimal(18, 2)) as actual_external_sek,
        cast(actual_sek - internal_sek - external_sek as decimal(18, 2))
            as actual_unclassified_sek,
        -- a running sum goes on after the last booked period, where it is not the year's
        cast(
            case when is_booked then accumulated_sek end as decimal(18, 2)
        ) as actual_accumulated_sek,
        cast(budget_sek as decimal(18, 2)) as budget_sek,
        cast(budget_to_date_sek as decimal(18, 2)) as budget_to_date_sek,
        cast(
            case when is_booked then accumulated_sek - budget_to_date_sek end as decimal(18, 2)
        ) as variance_to_date_sek

    from accumulated

)

select * from final
