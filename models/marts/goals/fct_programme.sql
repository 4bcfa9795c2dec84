with

programmes as (

    select * from {{ ref('stg_goals__programmes') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        programme_id,
        programme_number,
        programme_name,
        aim,
        follow_up

    from programmes

)

select * from final
