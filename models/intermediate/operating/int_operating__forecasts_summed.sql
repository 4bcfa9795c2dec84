with

posted as (

    select * from {{ ref('int_ledger__entries_posted') }}

),

versions as (

    select * from {{ ref('int_ledger__versions_ranked') }}

),

entries as (

    select * from {{ ref('int_operating__entries') }}

),

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

posted_versions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        version_name,
        decided_on as made_on

    from versions
    where scenario = 'forecast' and account_kind = 'operating'

),

stated as (

    -- stated amounts are a forecast where none is posted, and have no version
    select
        entries.organisation_id,
        entries.board_id,
        entries.fiscal_year,
        '' as version,
        entries.activity_code,
        entries.amount_sek

    from entries
    left join posted_versions
        on
            entries.organisation_id = posted_versions.organisation_id
            and entries.board_id = posted_versions.board_id
            and entries.fiscal_year = posted_versions.fiscal_year
    where entries.scenario = 'forecast' and posted_versions.version is null

),

forecasts as (

    select * from posted_versions

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        cast(null as {{ dbt.type_string() }}) as version_name,
        cast(null as date) as made_on

    from stated
    group by organisation_id, board_id, fiscal_year, version

),

amounts as (

    -- a forecast that another one has followed is still a forecast that was made
    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        activity_code,
        amount_sek

    from posted
    where scenario = 'forecast' and account_kind = 'operating'

    union all

    select * from stated

),

summed as (

    -- a code without an amount has a 0 there, as everywhere
    select
        forecasts.organisation_id,
        forecasts.board_id,
        forecasts.fiscal_year,
        forecasts.version,
        activity_codes.activity_code,
        forecasts.version_name,
        forecasts.made_on,
        activity_codes.activity_name,
        cast(coalesce(sum(amounts.amount_sek), 0) as decimal(18, 2)) as forecast_sek

    from forecasts
    inner join activity_codes
        on
            forecasts.organisation_id = activity_codes.organisation_id
            and forecasts.board_id = activity_codes.board_id
            and forecasts.fiscal_year = activity_codes.fiscal_year
    left join amounts
        on
            forecasts.organisation_id = amounts.organisation_id
            and forecasts.board_id = amounts.board_id
            and forecasts.fiscal_year = amounts.fiscal_year
            and forecasts.version = amounts.version
            and activity_codes.activity_code = amounts.activity_code
    group by
        forecasts.organisation_id,
        forecasts.board_id,
        forecasts.fiscal_year,
        forecasts.version,
        activity_codes.activity_code,
        forecasts.version_name,
        forecasts.made_on,
        activity_codes.activity_name

)

select * from summed
