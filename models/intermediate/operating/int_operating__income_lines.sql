with

amounts as (

    select * from {{ ref('int_operating__result_amounts') }}

),

lines as (

    select * from {{ ref('stg_operating__result_lines') }}

),

by_line as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        line_number,
        line_role,
        account_class,
        max(case when scenario = 'actual' then amount_sek end) as actual_sek,
        max(case when scenario = 'budget' then amount_sek end) as budget_sek

    from amounts
    group by organisation_id, board_id, fiscal_year, line_number, line_role, account_class

),

with_prior as (

    -- the year before as the warehouse knows it, else as this year's report states it
    select
        by_line.organisation_id,
        by_line.board_id,
        by_line.fiscal_year,
        by_line.line_number,
        by_line.line_role,
        coalesce(years_before.actual_sek, lines.prior_actual_sek) as prior_actual_sek,
        by_line.actual_sek,
        by_line.budget_sek

    from by_line
    inner join lines
        on
            by_line.organisation_id = lines.organisation_id
            and by_line.board_id = lines.board_id
            and by_line.fiscal_year = lines.fiscal_year
            and by_line.line_number = lines.line_number
    left join by_line as years_before
        on
            by_line.organisation_id = years_before.organisation_id
            and by_line.board_id = years_before.board_id
            and by_line.fiscal_year = years_before.fiscal_year + 1
            and by_line.line_role = years_before.line_role
            and coalesce(by_line.account_class, '') = coalesce(years_before.account_class, '')

),

results as (

    -- a memo line is part of another and never summed; the result is computed, the printed one is
    -- a control;
    -- a sum with a part that is not known is not known
    select
        organisation_id,
        board_id,
        fiscal_year,
        case when count(prior_actual_sek) = count(*) then sum(prior_actual_sek) end
            as prior_actual_sek,
        case when count(actual_sek) = count(*) then sum(actual_sek) end as actual_sek,
        case when count(budget_sek) = count(*) then sum(budget_sek) end as budget_sek

    from with_prior
    where line_role in ('revenue', 'cost')
    group by organisation_id, board_id, fiscal_year

),

completed as (

    select
        lines.organisation_id,
        lines.board_id,
        lines.fiscal_year,
        lines.line_number,
        lines.line_name,
        lines.line_role,
        lines.account_class,
        case
            when lines.line_role = 'result' then results.prior_actual_sek else
                with_prior.prior_actual_sek
        end as prior_actual_sek,
        case
            when lines.line_role = 'result' then results.actual_sek else with_prior.actual_sek
        end as actual_sek,
        case
            when lines.line_role = 'result' then results.budget_sek else with_prior.budget_sek
        end as budget_sek

    from lines
    left join with_prior
        on
            lines.organisation_id = with_prior.organisation_id
            and lines.board_id = with_prior.board_id
            and lines.fiscal_year = with_prior.fiscal_year
            and lines.line_number = with_prior.line_number
    left join results
        on
            lines.organisation_id = results.organisation_id
            and lines.board_id = results.board_id
            and lines.fiscal_year = results.fiscal_year

)

select * from completed
