with

source as (

    select * from {{ ref('result_lines') }}

),

typed as (

    select
        organisation_id,
        board_id,
        cast(fiscal_year as integer) as fiscal_year,
        cast(line_number as integer) as line_number,
        line_name,
        line_role,
        account_class,
        {{ kronor('prior_actual', 'scale') }} as prior_actual_sek,
        {{ stated_decimals('prior_actual') }} as prior_actual_decimals,
        {{ kronor('actual', 'scale') }} as actual_sek,
        {{ stated_decimals('actual') }} as actual_decimals,
        {{ kronor('budget', 'scale') }} as budget_sek,
        {{ stated_decimals('budget') }} as budget_decimals,
        cast(scale as integer) as scale,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
