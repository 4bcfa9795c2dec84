with

documents as (

    select * from {{ ref('stg_control__documents') }}

),

final as (

    select
        document_id,
        organisation_id,
        board_id,
        fiscal_year,
        document_title

    from documents

)

select * from final
