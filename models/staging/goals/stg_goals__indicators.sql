with

source as (

    select * from {{ ref('indicators') }}

),

typed as (

    select
        organisation_id,
        board_id,
        indicator_id,
        indicator_name,
        unit,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
