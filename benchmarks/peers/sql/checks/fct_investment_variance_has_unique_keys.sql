select organisation_id, board_id, fiscal_year, project_id
from fct_investment_variance
group by organisation_id, board_id, fiscal_year, project_id
having count(*) > 1
