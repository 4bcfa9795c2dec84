-- one level of sub-projects: a project that details another cannot be detailed in its turn
select
    {{ key_text([
        'children.organisation_id',
        'children.board_id',
        'children.fiscal_year',
        'children.project_id',
    ]) }} as project_key,
    children.parent_project_id
from {{ ref('stg_investments__projects') }} as children
inner join {{ ref('stg_investments__projects') }} as parents
    on
        children.organisation_id = parents.organisation_id
        and children.board_id = parents.board_id
        and children.fiscal_year = parents.fiscal_year
        and children.parent_project_id = parents.project_id
where parents.parent_project_id is not null
