with

stated as (

    select * from {{ ref('stg_operating__entries') }}

),

by_code as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        activity_code,
        max(case when entry_class = 'net' then amount_sek end) as net_sek,
        coalesce(sum(case when entry_class <> 'net' then amount_sek end), 0) as split_sek,
        count(case when entry_class <> 'net' then 1 end) as split_count

    from stated
    group by organisation_id, board_id, fiscal_year, scenario, activity_code

),

unsplit as (

    -- the net is the printed one; what a split misses of it by rounding stays as an entry of its
    -- own
    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        activity_code,
        'unsplit' as entry_class,
        net_sek - split_sek as amount_sek

    from by_code
    where net_sek is not null and (split_count = 0 or net_sek <> split_sek)

),

split as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        activity_code,
        entry_class,
        amount_sek

    from stated
    where entry_class <> 'net'

),

entries as (

    select * from split
    union all
    select * from unsplit

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        cast(null as integer) as period,
        scenario,
        activity_code,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as {{ dbt.type_string() }}) as account_class,
        entry_class,
        cast(null as {{ dbt.type_string() }}) as counterparty_class,
        cast(amount_sek as decimal(18, 2)) as amount_sek

    from entries

)

select * from final
