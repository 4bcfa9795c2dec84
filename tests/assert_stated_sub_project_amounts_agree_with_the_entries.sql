-- a sub-project's stated amount is a control where postings were the source
with

stated as (

    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.project_id,
        amounts.scenario,
        amounts.amount_sek,
        amounts.scale,
        amounts.amount_decimals

    from {{ ref('stg_investments__project_amounts') }} as amounts
    inner join {{ ref('stg_investments__projects') }} as projects
        on
            amounts.organisation_id = projects.organisation_id
            and amounts.board_id = projects.board_id
            and amounts.fiscal_year = projects.fiscal_year
            and amounts.project_id = projects.project_id
    where projects.parent_project_id is not null

),

entered as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        project_id,
        scenario,
        sum(amount_sek) as amount_sek

    from {{ ref('int_investments__entries') }}
    group by organisation_id, board_id, fiscal_year, project_id, scenario

),

compared as (

    -- a sub-project without entries is 0 there
    select
        stated.organisation_id,
        stated.board_id,
        stated.fiscal_year,
        stated.project_id,
        stated.scenario,
        stated.amount_sek as stated_sek,
        stated.scale,
        stated.amount_decimals,
        coalesce(entered.amount_sek, 0) as computed_sek

    from stated
    left join entered
        on
            stated.organisation_id = entered.organisation_id
            and stated.board_id = entered.board_id
            and stated.fiscal_year = entered.fiscal_year
            and stated.project_id = entered.project_id
            and stated.scenario = entered.scenario

)

select
    {{ key_text([
        'organisation_id',
        'board_id',
        'fiscal_year',
        'project_id',
        'scenario',
    ]) }} as amount_key,
    stated_sek,
    computed_sek
from compared
where stated_sek is distinct from {{ rounded('computed_sek', 'scale', 'amount_decimals') }}
