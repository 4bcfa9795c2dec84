with

source as (

    select * from {{ ref('indicator_values') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        indicator_id,
        place,
        {{ scaled('value', 'scale') }} as value,
        qualifier,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
