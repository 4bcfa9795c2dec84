with

source as (

    select * from {{ ref('chapters') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        cast(chapter_number as integer) as chapter_number,
        chapter_name,
        cast(section_number as integer) as section_number,
        section_name,
        section_text,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
