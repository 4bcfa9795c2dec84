with

lines as (

    select * from {{ ref('int_operating__income_lines') }}

),

final as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        line_number,
        -- a memo line goes by the account class that it shows, any other by what it holds
        coalesce(account_class, line_role) as line_id,
        line_name,
        line_role,
        line_role = 'memo' as is_memo,
        cast(prior_actual_sek as decimal(18, 2)) as prior_actual_sek,
        cast(actual_sek as decimal(18, 2)) as actual_sek,
        cast(budget_sek as decimal(18, 2)) as budget_sek,
        cast(actual_sek - budget_sek as decimal(18, 2)) as variance_sek,
        cast(actual_sek - prior_actual_sek as decimal(18, 2)) as change_sek

    from lines

)

select * from final
