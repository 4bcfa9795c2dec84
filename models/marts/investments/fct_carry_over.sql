with

sums as (

    select * from {{ ref('int_investments__projects_summed') }}

),

requests as (

    select * from {{ ref('stg_investments__carry_over_requests') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

joined as (

    select
        sums.organisation_id,
        sums.board_id,
        sums.fiscal_year,
        sums.project_id,
        requests.to_fiscal_year,
        sums.actual_sek - sums.budget_sek as remaining_sek,
        requests.requested_sek

    from sums
    left join requests
        on
            sums.organisation_id = requests.organisation_id
            and sums.board_id = requests.board_id
            and sums.fiscal_year = requests.fiscal_year
            and sums.project_id = requests.project_id

),

final as (

    select
        joined.organisation_id,
        joined.board_id,
        joined.fiscal_year,
        joined.project_id,
        projects.project_name,
        joined.to_fiscal_year,
        joined.requested_sek <= joined.remaining_sek as is_within_remaining,
        cast(joined.remaining_sek as decimal(18, 2)) as remaining_sek,
        joined.requested_sek

    from joined
    inner join projects
        on
            joined.organisation_id = projects.organisation_id
            and joined.board_id = projects.board_id
            and joined.fiscal_year = projects.fiscal_year
            and joined.project_id = projects.project_id
    where joined.remaining_sek > 0 or joined.requested_sek is not null

)

select * from final
