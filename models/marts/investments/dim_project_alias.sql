with

aliases as (

    select * from {{ ref('stg_investments__project_aliases') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        place,
        alias,
        project_id

    from aliases

)

select * from final
