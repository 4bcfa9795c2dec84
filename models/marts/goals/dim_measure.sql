with

measures as (

    select * from {{ ref('stg_goals__measures') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        measure_id,
        goal_id,
        measure_number,
        measure_name,
        unit,
        direction_of_good

    from measures

)

select * from final
