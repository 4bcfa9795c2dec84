with

operating as (

    select * from {{ ref('stg_operating__entries') }}

),

amounts as (

    select * from {{ ref('stg_investments__project_amounts') }}

),

projects as (

    select * from {{ ref('stg_investments__projects') }}

),

posted as (

    select * from {{ ref('int_control__totals_posted') }}

),

operating_codes as (

    -- the printed net is the whole of a code, where one is printed
    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        'operating' as account,
        count(*) as row_count,
        coalesce(
            sum(case when entry_class = 'net' then amount_sek end),
            sum(amount_sek)
        ) as amount_sek

    from operating
    group by organisation_id, board_id, fiscal_year, scenario, activity_code

),

detailed as (

    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        projects.parent_project_id

    from amounts
    inner join projects
        on
            amounts.organisation_id = projects.organisation_id
            and amounts.board_id = projects.board_id
            and amounts.fiscal_year = projects.fiscal_year
            and amounts.project_id = projects.project_id
    where projects.parent_project_id is not null
    group by
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        projects.parent_project_id

),

project_amounts as (

    -- a project that its sub-projects tell in more detail is not counted beside them
    select
        amounts.organisation_id,
        amounts.board_id,
        amounts.fiscal_year,
        amounts.scenario,
        'investment' as account,
        1 as row_count,
        case when detailed.parent_project_id is null then amounts.amount_sek else 0 end
            as amount_sek

    from amounts
    left join detailed
        on
            amounts.organisation_id = detailed.organisation_id
            and amounts.board_id = detailed.board_id
            and amounts.fiscal_year = detailed.fiscal_year
            and amounts.scenario = detailed.scenario
            and amounts.project_id = detailed.parent_project_id

),

stated as (

    select * from operating_codes
    union all
    select * from project_amounts

),

by_account as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account,
        sum(row_count) as row_count,
        sum(amount_sek) as amount_sek

    from stated
    group by organisation_id, board_id, fiscal_year, scenario, account

),

posted_accounts as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account

    from posted
    group by organisation_id, board_id, fiscal_year, scenario, account

),

final as (

    -- postings come first; what is stated beside them is a control
    select
        by_account.organisation_id,
        by_account.board_id,
        by_account.fiscal_year,
        by_account.scenario,
        '' as version,
        'stated' as total_source,
        by_account.account,
        case
            when by_account.account = 'investment' and by_account.scenario = 'forecast'
                then 'not_shown'
            when posted_accounts.account is not null then 'control'
            else 'counted'
        end as total_status,
        by_account.row_count,
        cast(by_account.amount_sek as decimal(18, 2)) as amount_sek

    from by_account
    left join posted_accounts
        on
            by_account.organisation_id = posted_accounts.organisation_id
            and by_account.board_id = posted_accounts.board_id
            and by_account.fiscal_year = posted_accounts.fiscal_year
            and by_account.scenario = posted_accounts.scenario
            and by_account.account = posted_accounts.account

)

select * from final
