with

valued as (

    select * from {{ ref('int_control__printed_valued') }}

),

final as (

    select
        printed_id,
        document_id,
        organisation_id,
        board_id,
        fiscal_year,
        document_fiscal_year,
        printed_number,
        section,
        place,
        printed,
        unit,
        scale,
        sign,
        decimals,
        qualifier,
        figure_key,
        allowed_difference,
        exemption,
        contradiction_id,
        cast(printed_value as decimal(28, 6)) as printed_value

    from valued

)

select * from final
