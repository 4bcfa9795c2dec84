with

printed_figures as (

    select * from {{ ref('int_control__printed_valued') }}

),

figures as (

    select * from {{ ref('fct_figure') }}

),

compared as (

    select
        printed_figures.printed_id,
        printed_figures.document_id,
        printed_figures.organisation_id,
        printed_figures.board_id,
        printed_figures.fiscal_year,
        printed_figures.document_fiscal_year,
        printed_figures.printed_number,
        printed_figures.figure_key,
        printed_figures.section,
        printed_figures.place,
        printed_figures.printed,
        printed_figures.unit,
        printed_figures.scale,
        printed_figures.sign,
        printed_figures.decimals,
        printed_figures.qualifier,
        printed_figures.contradiction_id,
        printed_figures.printed_value,
        printed_figures.allowed_difference * printed_figures.scale as allowed_difference,
        figures.value as computed_value,
        figures.unit as computed_unit,
        {{ rounded('figures.value', 'printed_figures.scale', 'printed_figures.decimals') }}
            as rounded_value

    from printed_figures
    left join figures
        on
            printed_figures.organisation_id = figures.organisation_id
            and printed_figures.board_id = figures.board_id
            and printed_figures.fiscal_year = figures.fiscal_year
            and printed_figures.figure_key = figures.figure_key
    where printed_figures.figure_key is not null

),

judged as (

    select
        printed_id,
        document_id,
        organisation_id,
        board_id,
        fiscal_year,
        document_fiscal_year,
        printed_number,
        figure_key,
        section,
        place,
        printed,
        unit,
        scale,
        sign,
        decimals,
        qualifier,
        contradiction_id,
        printed_value,
        computed_value,
        printed_value - computed_value as difference,
        allowed_difference,
        case
            -- a unit that is not the figure's proves nothing, even where the numbers are the same
            when coalesce(unit <> computed_unit, true) then 'not_computable'
            when printed_value = rounded_value then 'agrees'
            when abs(printed_value - rounded_value) <= allowed_difference and qualifier = 'exact'
                then 'rounding'
            when abs(printed_value - computed_value) <= allowed_difference and qualifier <> 'exact'
                then 'approximate'
            else 'differs'
        end as verdict

    from compared

)

select * from judged
