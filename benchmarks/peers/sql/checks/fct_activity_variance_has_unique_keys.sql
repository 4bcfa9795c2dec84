select organisation_id, board_id, fiscal_year, activity_code
from fct_activity_variance
group by organisation_id, board_id, fiscal_year, activity_code
having count(*) > 1
