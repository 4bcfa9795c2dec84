with

source as (

    select * from {{ ref('control_totals') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        model_name,
        row_key,
        total_name,
        {{ scaled('value', 'scale') }} as value,
        basis,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
