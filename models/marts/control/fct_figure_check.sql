with

checked as (

    select * from {{ ref('int_control__figures_checked') }}

),

declared as (

    select * from {{ ref('stg_control__declared_contradictions') }}

),

final as (

    select
        checked.printed_id,
        checked.document_id,
        checked.organisation_id,
        checked.board_id,
        checked.fiscal_year,
        checked.printed_number,
        checked.figure_key,
        checked.section,
        checked.place,
        checked.printed,
        checked.unit,
        checked.scale,
        checked.sign,
        checked.decimals,
        checked.qualifier,
        checked.verdict,
        checked.verdict = 'differs' and declared.contradiction_id is not null as is_declared,
        declared.reason as note,
        cast(checked.printed_value as decimal(28, 6)) as printed_value,
        checked.computed_value,
        cast(checked.difference as decimal(28, 6)) as difference,
        cast(checked.allowed_difference as decimal(28, 6)) as allowed_difference

    from checked
    left join declared
        on
            checked.organisation_id = declared.organisation_id
            and checked.board_id = declared.board_id
            and checked.document_fiscal_year = declared.fiscal_year
            and checked.contradiction_id = declared.contradiction_id

)

select * from final
