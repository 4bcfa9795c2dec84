with

focus_areas as (

    select * from {{ ref('stg_goals__focus_areas') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        focus_area_id,
        item_number,
        focus_area_number,
        focus_area_name,
        item_name,
        item_text

    from focus_areas

)

select * from final
