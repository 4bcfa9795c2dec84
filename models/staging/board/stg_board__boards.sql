with

source as (

    select * from {{ ref('boards') }}

),

typed as (

    select
        organisation_id,
        board_id,
        board_name,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
