select organisation_id, board_id, fiscal_year, line_number
from fct_income_statement
group by organisation_id, board_id, fiscal_year, line_number
having count(*) > 1
