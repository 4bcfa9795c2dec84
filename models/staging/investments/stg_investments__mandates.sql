with

source as (

    select * from {{ ref('mandates') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        project_id,
        -{{ kronor('mandated_cost', 'scale') }} as mandate_sek,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
