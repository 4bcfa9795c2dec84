with

chapters as (

    select * from {{ ref('stg_board__chapters') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        chapter_number,
        section_number,
        chapter_name,
        section_name,
        section_text

    from chapters

)

select * from final
