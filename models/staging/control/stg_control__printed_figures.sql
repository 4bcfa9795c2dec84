with

source as (

    select * from {{ ref('printed_figures') }}

),

typed as (

    select
        document_id,
        cast(printed_number as integer) as printed_number,
        section,
        place,
        printed,
        unit,
        cast(scale as integer) as scale,
        cast(sign as integer) as sign,
        cast(decimals as integer) as decimals,
        qualifier,
        figure_key,
        cast(fiscal_year as integer) as fiscal_year,
        cast(coalesce(allowed_difference, '0') as decimal(28, 6)) as allowed_difference,
        exemption,
        contradiction_id

    from source

)

select * from typed
