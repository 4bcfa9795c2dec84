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

variance_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id as key_part,
        actual_sek,
        budget_sek,
        mandate_sek,
        variance_sek

    from variances

),

variance_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'total' as key_part,
        sum(actual_sek) as actual_sek,
        sum(budget_sek) as budget_sek,
        sum(mandate_sek) as mandate_sek,
        sum(variance_sek) as variance_sek

    from variances
    group by organisation_id, board_id, fiscal_year

),

variance_parts as (

    select * from variance_rows
    union all
    select * from variance_totals

),

variance_figures as (

    select
        variance_parts.organisation_id,
        variance_parts.board_id,
        variance_parts.fiscal_year,
        'investment/' || variance_parts.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('variance_parts', [
            'actual_sek',
            'budget_sek',
            'mandate_sek',
            'variance_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from variance_parts
    inner join measures
        on measures.mart_name = 'fct_investment_variance'

),

variance_splits as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'investment/total/overspent' as figure_key,
        cast(sum(case when variance_sek < 0 then variance_sek end) as decimal(28, 6)) as value,
        'sek' as unit,
        'fct_investment_variance' as mart_name,
        'variance_sek' as column_name

    from variances
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'investment/total/unspent' as figure_key,
        cast(sum(case when variance_sek > 0 then variance_sek end) as decimal(28, 6)) as value,
        'sek' as unit,
        'fct_investment_variance' as mart_name,
        'variance_sek' as column_name

    from variances
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'investment/total/projects' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_investment_variance' as mart_name,
        'project_id' as column_name

    from variances
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'investment/total/analyses' as figure_key,
        cast(count(analysis_number) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_investment_variance' as mart_name,
        'analysis_number' as column_name

    from variances
    group by organisation_id, board_id, fiscal_year

),

sub_project_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id as key_part,
        amount_sek

    from project_years
    where project_id <> reported_project_id

),

sub_project_figures as (

    select
        sub_project_rows.organisation_id,
        sub_project_rows.board_id,
        sub_project_rows.fiscal_year,
        'investment/' || sub_project_rows.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('sub_project_rows', [
            'amount_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from sub_project_rows
    inner join measures
        on measures.mart_name = 'fct_project_year'

),

accumulation_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id as key_part,
        opening_sek,
        year_sek,
        accumulated_sek,
        total_budget_sek,
        total_forecast_sek,
        forecast_variance_sek,
        remaining_forecast_sek

    from accumulations

),

accumulation_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'total' as key_part,
        case when count(opening_sek) = count(*) then sum(opening_sek) end as opening_sek,
        case when count(year_sek) = count(*) then sum(year_sek) end as year_sek,
        case when count(accumulated_sek) = count(*) then sum(accumulated_sek) end as accumulated_sek,
        case when count(total_budget_sek) = count(*) then sum(total_budget_sek) end as total_budget_sek,
        case when count(total_forecast_sek) = count(*) then sum(total_forecast_sek) end as total_forecast_sek,
        case when count(forecast_variance_sek) = count(*) then sum(forecast_variance_sek) end as forecast_variance_sek,
        case when count(remaining_forecast_sek) = count(*) then sum(remaining_forecast_sek) end as remaining_forecast_sek

    from accumulations
    group by organisation_id, board_id, fiscal_year

),

accumulation_parts as (

    select * from accumulation_rows
    union all
    select * from accumulation_totals

),

accumulation_figures as (

    select
        accumulation_parts.organisation_id,
        accumulation_parts.board_id,
        accumulation_parts.fiscal_year,
        'project/' || accumulation_parts.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('accumulation_parts', [
            'opening_sek',
            'year_sek',
            'accumulated_sek',
            'total_budget_sek',
            'total_forecast_sek',
            'forecast_variance_sek',
            'remaining_forecast_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from accumulation_parts
    inner join measures
        on measures.mart_name = 'fct_project_accumulation'

),

accumulation_counts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'project/total/projects' as figure_key,
        cast(count(*) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_project_accumulation' as mart_name,
        'project_id' as column_name

    from accumulations
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'project/total/over_approved_total' as figure_key,
        cast(count(case when forecast_variance_sek < 0 then 1 end) as decimal(28, 6)) as value,
        'count' as unit,
        'fct_project_accumulation' as mart_name,
        'forecast_variance_sek' as column_name

    from accumulations
    group by organisation_id, board_id, fiscal_year

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'project/total/forecast_variance_share' as figure_key,
        cast(100 * {{ share('sum(forecast_variance_sek)', 'abs(sum(total_budget_sek))') }} as decimal(28, 6)) as value,
        'percent' as unit,
        'fct_project_accumulation' as mart_name,
        'forecast_variance_sek' as column_name

    from accumulations
    group by organisation_id, board_id, fiscal_year

),

carry_over_rows as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id as key_part,
        remaining_sek,
        requested_sek

    from carry_overs

),

carry_over_totals as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'total' as key_part,
        sum(remaining_sek) as remaining_sek,
        sum(requested_sek) as requested_sek

    from carry_overs
    group by organisation_id, board_id, fiscal_year

),

carry_over_parts as (

    select * from carry_over_rows
    union all
    select * from carry_over_totals

),

carry_over_figures as (

    select
        carry_over_parts.organisation_id,
        carry_over_parts.board_id,
        carry_over_parts.fiscal_year,
        'carry_over/' || carry_over_parts.key_part || '/' || measures.figure_name as figure_key,
        {{ figure_value('carry_over_parts', [
            'remaining_sek',
            'requested_sek',
        ]) }} as value,
        measures.unit as unit,
        measures.mart_name,
        measures.column_name

    from carry_over_parts
    inner join measures
        on measures.mart_name = 'fct_carry_over'

),

figures as (

    select * from variance_figures
    union all
    select * from variance_splits
    union all
    select * from sub_project_figures
    union all
    select * from accumulation_figures
    union all
    select * from accumulation_counts
    union all
    select * from carry_over_figures

),

known as (

    -- a figure that is not known is no figure
    select * from figures
    where value is not null

)

select * from known
