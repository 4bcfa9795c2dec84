-- a line is found by what it holds, this year and the year before: two lines of one role would each
-- take all of it, and a memo line without an account class would take nothing
select
    {{ key_text(['organisation_id', 'board_id', 'fiscal_year', 'line_role']) }} as role_key,
    account_class,
    count(*) as line_count
from {{ ref('stg_operating__result_lines') }}
group by organisation_id, board_id, fiscal_year, line_role, account_class
having count(*) > 1 or max(case when line_role = 'memo' and account_class is null then 1 end) = 1
