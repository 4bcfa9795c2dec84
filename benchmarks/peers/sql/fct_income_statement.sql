with

sums as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        account_class,
        entry_class,
        sum(case when scenario = 'actual' then amount_sek end) as actual_sek,
        sum(case when scenario = 'budget' then amount_sek end) as budget_sek

    from entries_in_force
    where account_kind = 'operating'
    group by organisation_id, board_id, fiscal_year, account_class, entry_class

),

line_sums as (

    -- a line shows revenue, cost, or as a memo one account class
    select
        result_lines.organisation_id,
        result_lines.board_id,
        result_lines.fiscal_year,
        result_lines.line_number,
        sum(sums.actual_sek) as actual_sek,
        sum(sums.budget_sek) as budget_sek

    from result_lines
    inner join sums
        on
            result_lines.organisation_id = sums.organisation_id
            and result_lines.board_id = sums.board_id
            and result_lines.fiscal_year = sums.fiscal_year
            and (
                result_lines.line_role = sums.entry_class
                or (
                    result_lines.line_role = 'memo'
                    and result_lines.account_class = sums.account_class
                )
            )
    group by
        result_lines.organisation_id,
        result_lines.board_id,
        result_lines.fiscal_year,
        result_lines.line_number

),

lines as (

    -- a scenario that is not posted is as stated
    select
        result_lines.organisation_id,
        result_lines.board_id,
        result_lines.fiscal_year,
        result_lines.line_number,
        result_lines.line_role,
        coalesce(result_lines.account_class, '') as account_class,
        result_lines.prior_actual_sek,
        case
            when boards.has_actual then coalesce(line_sums.actual_sek, 0)
            else result_lines.actual_sek
        end as actual_sek,
        case
            when boards.has_budget then coalesce(line_sums.budget_sek, 0)
            else result_lines.budget_sek
        end as budget_sek

    from result_lines
    left join boards_posted as boards
        on
            result_lines.organisation_id = boards.organisation_id
            and result_lines.board_id = boards.board_id
            and result_lines.fiscal_year = boards.fiscal_year
            and boards.account_kind = 'operating'
    left join line_sums
        on
            result_lines.organisation_id = line_sums.organisation_id
            and result_lines.board_id = line_sums.board_id
            and result_lines.fiscal_year = line_sums.fiscal_year
            and result_lines.line_number = line_sums.line_number
    where result_lines.line_role <> 'result'

),

with_prior as (

    select
        lines.organisation_id,
        lines.board_id,
        lines.fiscal_year,
        lines.line_number,
        lines.line_role,
        coalesce(lines_before.actual_sek, lines.prior_actual_sek) as prior_actual_sek,
        lines.actual_sek,
        lines.budget_sek

    from lines
    left join lines as lines_before
        on
            lines.organisation_id = lines_before.organisation_id
            and lines.board_id = lines_before.board_id
            and lines.fiscal_year = lines_before.fiscal_year + 1
            and lines.line_role = lines_before.line_role
            and lines.account_class = lines_before.account_class

),

results as (

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
        organisation_id,
        board_id,
        fiscal_year,
        line_number,
        prior_actual_sek,
        actual_sek,
        budget_sek

    from with_prior

    union all

    select
        result_lines.organisation_id,
        result_lines.board_id,
        result_lines.fiscal_year,
        result_lines.line_number,
        results.prior_actual_sek,
        results.actual_sek,
        results.budget_sek

    from result_lines
    left join results
        on
            result_lines.organisation_id = results.organisation_id
            and result_lines.board_id = results.board_id
            and result_lines.fiscal_year = results.fiscal_year
    where result_lines.line_role = 'result'

)

select
    organisation_id,
    board_id,
    fiscal_year,
    line_number,
    cast(prior_actual_sek as decimal(18, 2)) as prior_actual_sek,
    cast(actual_sek as decimal(18, 2)) as actual_sek,
    cast(budget_sek as decimal(18, 2)) as budget_sek,
    cast(actual_sek - budget_sek as decimal(18, 2)) as variance_sek,
    cast(actual_sek - prior_actual_sek as decimal(18, 2)) as change_sek
from completed
