with

source as (

    select * from {{ ref('focus_areas') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        focus_area_id,
        cast(focus_area_number as integer) as focus_area_number,
        focus_area_name,
        cast(item_number as integer) as item_number,
        item_name,
        item_text,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
