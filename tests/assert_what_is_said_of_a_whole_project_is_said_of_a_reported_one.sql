-- totals, mandates, carry-over requests and analyses belong to reported projects: on a sub-project
-- they would fall out without a word
with

sub_projects as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id

    from {{ ref('stg_investments__projects') }}
    where parent_project_id is not null

),

said as (

    {%- for model in ['project_totals', 'mandates', 'carry_over_requests', 'comments'] %}
    select
        '{{ model }}' as said_in,
        organisation_id,
        board_id,
        fiscal_year,
        project_id

    from {{ ref('stg_investments__' ~ model) }}
    {%- if not loop.last %}

    union all

    {%- endif %}
    {%- endfor %}

)

select
    said.said_in,
    {{ key_text([
        'said.organisation_id', 'said.board_id', 'said.fiscal_year', 'said.project_id'
    ]) }} as project_key
from said
inner join sub_projects
    on
        said.organisation_id = sub_projects.organisation_id
        and said.board_id = sub_projects.board_id
        and said.fiscal_year = sub_projects.fiscal_year
        and said.project_id = sub_projects.project_id
