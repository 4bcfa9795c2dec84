with

measures as (

    select * from {{ ref('stg_reference__figure_measures') }}

),

variances as (

    select * from {{ ref('fct_investment_variance') }}

),

project_years as (

    select * from {{ ref('fct_project_year') }}

),

accumulations as (

    select * from {{ ref('fct_project_accumulation') }}

),

carry_overs as (

    select * from {{ ref('fct_carry_over') }}

),

variance_figures as (

    {{ figure_rows(
        'variances',
        'fct_investment_variance',
        "'investment/' || variances.project_id",
        [
            'actual_sek',
            'budget_sek',
            'mandate_sek',
            'variance_sek',
        ],
    ) }}

),

variance_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(actual_sek) as actual_sek,
        sum(budget_sek) as budget_sek,
        sum(mandate_sek) as mandate_sek,
        sum(variance_sek) as variance_sek

    from variances
    group by organisation_id, board_id, fiscal_year

),

variance_total_figures as (

    {{ figure_rows('variance_totals', 'fct_investment_variance', "'investment/total'", [
        'actual_sek',
        'budget_sek',
        'mandate_sek',
        'variance_sek',
    ]) }}

),

sub_projects as (

    -- a reported project's year is its investment figure already
    select * from project_years
    where project_id <> reported_project_id

),

sub_project_figures as (

    {{ figure_rows('sub_projects', 'fct_project_year', "'investment/' || sub_projects.project_id", [
        'amount_sek',
    ]) }}

),

accumulation_figures as (

    {{ figure_rows(
        'accumulations',
        'fct_project_accumulation',
        "'project/' || accumulations.project_id",
        [
            'opening_sek',
            'year_sek',
            'accumulated_sek',
            'total_budget_sek',
            'total_forecast_sek',
            'forecast_variance_sek',
            'remaining_forecast_sek',
        ],
    ) }}

),

accumulation_totals as (

    -- a sum with a part that is not known is not known
    select
        organisation_id,
        board_id,
        fiscal_year,
        case
            when count(opening_sek) = count(*)
                then sum(opening_sek)
        end as opening_sek,
        case
            when count(year_sek) = count(*)
                then sum(year_sek)
        end as year_sek,
        case
            when count(accumulated_sek) = count(*)
                then sum(accumulated_sek)
        end as accumulated_sek,
        case
            when count(total_budget_sek) = count(*)
                then sum(total_budget_sek)
        end as total_budget_sek,
        case
            when count(total_forecast_sek) = count(*)
                then sum(total_forecast_sek)
        end as total_forecast_sek,
        case
            when count(forecast_variance_sek) = count(*)
                then sum(forecast_variance_sek)
        end as forecast_variance_sek,
        case
            when count(remaining_forecast_sek) = count(*)
                then sum(remaining_forecast_sek)
        end as remaining_forecast_sek

    from accumulations
    group by organisation_id, board_id, fiscal_year

),

accumulation_total_figures as (

    {{ figure_rows('accumulation_totals', 'fct_project_accumulation', "'project/total'", [
        'opening_sek',
        'year_sek',
        'accumulated_sek',
        'total_budget_sek',
        'total_forecast_sek',
        'forecast_variance_sek',
        'remaining_forecast_sek',
    ]) }}

),

carry_over_figures as (

    {{ figure_rows('carry_overs', 'fct_carry_over', "'carry_over/' || carry_overs.project_id", [
        'remaining_sek',
        'requested_sek',
    ]) }}

),

carry_over_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        sum(remaining_sek) as remaining_sek,
        sum(requested_sek) as requested_sek

    from carry_overs
    group by organisation_id, board_id, fiscal_year

),

carry_over_total_figures as (

    {{ figure_rows('carry_over_totals', 'fct_carry_over', "'carry_over/total'", [
        'remaining_sek',
        'requested_sek',
    ]) }}

),

counted_figures as (

    {{ figure_total(
        'variances',
        'fct_investment_variance',
        'investment/total/projects',
        'count(*)',
        'project_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'variances',
        'fct_investment_variance',
        'investment/total/analyses',
        'count(analysis_number)',
        'analysis_number',
        'count',
    ) }}

    union all

    {{ figure_total(
        'variances',
        'fct_investment_variance',
        'investment/total/overspent',
        'sum(case when variance_sek < 0 then variance_sek end)',
        'variance_sek',
    ) }}

    union all

    {{ figure_total(
        'variances',
        'fct_investment_variance',
        'investment/total/unspent',
        'sum(case when variance_sek > 0 then variance_sek end)',
        'variance_sek',
    ) }}

    union all

    {{ figure_total(
        'accumulations',
        'fct_project_accumulation',
        'project/total/projects',
        'count(*)',
        'project_id',
        'count',
    ) }}

    union all

    {{ figure_total(
        'accumulations',
        'fct_project_accumulation',
        'project/total/over_approved_total',
        'count(case when forecast_variance_sek < 0 then 1 end)',
        'forecast_variance_sek',
        'count',
    ) }}

    union all

    {{ figure_total(
        'accumulations',
        'fct_project_accumulation',
        'project/total/forecast_variance_share',
        percentage('sum(forecast_variance_sek)', 'abs(sum(total_budget_sek))'),
        'forecast_variance_sek',
        'percent',
    ) }}

),

figures as (

    select * from variance_figures
    union all
    select * from variance_total_figures
    union all
    select * from sub_project_figures
    union all
    select * from accumulation_figures
    union all
    select * from accumulation_total_figures
    union all
    select * from carry_over_figures
    union all
    select * from carry_over_total_figures
    union all
    select * from counted_figures

),

known as (

    -- a figure that is not known is no figure
    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key,
        value,
        unit,
        mart_name,
        column_name

    from figures
    where value is not null

)

select * from known
