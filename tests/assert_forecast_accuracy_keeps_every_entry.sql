-- entries to mart: each posted forecast version, and the forecast that the activity variance shows,
-- keep their whole net
with

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        sum(amount_sek) as forecast_sek

    from {{ ref('int_ledger__entries_posted') }}
    where scenario = 'forecast' and account_kind = 'operating'
    group by organisation_id, board_id, fiscal_year, version

),

stated as (

    select
        variances.organisation_id,
        variances.board_id,
        variances.fiscal_year,
        '' as version,
        sum(variances.forecast_net_sek) as forecast_sek

    from {{ ref('fct_activity_variance') }} as variances
    where
        not exists (
            select 1
            from posted
            where
                posted.organisation_id = variances.organisation_id
                and posted.board_id = variances.board_id
                and posted.fiscal_year = variances.fiscal_year
        )
    group by variances.organisation_id, variances.board_id, variances.fiscal_year
    having count(variances.forecast_net_sek) > 0

),

expected as (

    select * from posted
    union all
    select * from stated

),

marted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        sum(forecast_sek) as forecast_sek

    from {{ ref('fct_forecast_accuracy') }}
    group by organisation_id, board_id, fiscal_year, version

)

select
    {{ key_text([
        'coalesce(expected.organisation_id, marted.organisation_id)',
        'coalesce(expected.board_id, marted.board_id)',
        'coalesce(expected.fiscal_year, marted.fiscal_year)',
        'coalesce(expected.version, marted.version)',
    ]) }} as version_key,
    expected.forecast_sek as expected_sek,
    marted.forecast_sek as mart_sek
from expected
full outer join marted
    on
        expected.organisation_id = marted.organisation_id
        and expected.board_id = marted.board_id
        and expected.fiscal_year = marted.fiscal_year
        and expected.version = marted.version
where expected.forecast_sek is distinct from marted.forecast_sek
