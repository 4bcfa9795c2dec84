with

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

areas as (

    select * from {{ ref('stg_reference__activity_areas') }}

),

ranked as (

    select
        organisation_id,
        board_id,
        activity_code,
        activity_name,
        fiscal_year,
        row_number() over (
            partition by organisation_id, board_id, activity_code
            order by fiscal_year desc
        ) as year_rank

    from activity_codes

),

final as (

    -- the current name; facts carry the name as printed in their year
    select
        ranked.organisation_id,
        ranked.board_id,
        ranked.activity_code,
        ranked.activity_name,
        areas.area_digit,
        areas.area_name,
        ranked.fiscal_year as last_fiscal_year

    from ranked
    left join areas
        on substring(ranked.activity_code, 1, 1) = areas.area_digit
    where ranked.year_rank = 1

)

select * from final
