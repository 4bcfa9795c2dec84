with

boards as (

    select * from {{ ref('stg_board__boards') }}

),

organisations as (

    select * from {{ ref('stg_board__organisations') }}

),

final as (

    select
        boards.organisation_id,
        boards.board_id,
        organisations.organisation_name,
        boards.board_name

    from boards
    inner join organisations
        on boards.organisation_id = organisations.organisation_id

)

select * from final
