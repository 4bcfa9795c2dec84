-- What an analyst would write by hand for the three variance marts, straight from the postings and the lists.
-- {data}, {lists} and {reference} are folders that are read, {out} is where the marts are written.
-- A posting is debit positive; here income is positive, and so is a favourable variance.

create temp macro list(name) as table
select * from read_csv(
    '{lists}/' || name || '.csv', delim = ',', header = true, all_varchar = true, types = {{'fiscal_year': 'integer'}}
);
create temp macro kronor(amount, scale) as cast(cast(amount as decimal(28, 6)) * cast(scale as integer) as decimal(18, 2));

-- the lines of the version in force: the last one decided of each board, year, scenario and kind of account
create temp table posted as
with lines as (
    select
        organisation_id, board_id, fiscal_year, scenario, coalesce(version, '') as version, account,
        activity as activity_code, project as project_id, sum(-amount) as amount_sek
    from read_parquet('{data}/postings/**/*.parquet', hive_partitioning = false)
    group by all
),
accounts as (
    select account, arg_max(class, length(class.account_prefix)) as class
    from (select distinct account from lines)
    join read_csv('{reference}/account_classes.csv', delim = ',', header = true, all_varchar = true) as class
        on starts_with(account, class.account_prefix)
    group by account
),
classed as (
    select lines.*, class.account_class, class.account_kind, class.entry_class
    from lines
    join accounts using (account)
    where class.account_kind in ('operating', 'investment')
),
in_force as (
    select
        organisation_id, board_id, fiscal_year, scenario, account_kind,
        last(version order by decided_on nulls first, length(version), version) as version
    from (select distinct organisation_id, board_id, fiscal_year, scenario, account_kind, version from classed)
    left join list('operating/budget_versions') using (organisation_id, board_id, fiscal_year, version)
    group by all
)
select * from classed
semi join in_force using (organisation_id, board_id, fiscal_year, scenario, account_kind, version);

-- a board's stated amounts count in a year and scenario without postings
create temp view operating as
with stated as (
    select *, kronor(amount, scale) as amount_sek
    from list('operating/operating_entries')
    anti join (from posted where account_kind = 'operating') using (organisation_id, board_id, fiscal_year, scenario)
)
select
    organisation_id, board_id, fiscal_year, scenario, activity_code, true as is_split,
    coalesce(sum(amount_sek) filter (where entry_class = 'revenue'), 0) as revenue,
    coalesce(sum(amount_sek) filter (where entry_class = 'cost'), 0) as cost,
    sum(amount_sek) as net
from posted
where account_kind = 'operating'
group by all
union all by name
select
    organisation_id, board_id, fiscal_year, scenario, activity_code, bool_or(entry_class <> 'net') as is_split,
    case when is_split then coalesce(sum(amount_sek) filter (where entry_class = 'revenue'), 0) end as revenue,
    case when is_split then coalesce(sum(amount_sek) filter (where entry_class = 'cost'), 0) end as cost,
    coalesce(max(amount_sek) filter (where entry_class = 'net'), sum(amount_sek)) as net
from stated
group by all;

-- a code without entries is 0 where the board has others
copy (
    with years as (select distinct organisation_id, board_id, fiscal_year, scenario from operating)
    select
        organisation_id, board_id, fiscal_year, activity_code,
        actual.revenue::decimal(18, 2) as actual_revenue_sek,
        actual.cost::decimal(18, 2) as actual_cost_sek,
        case when has_actual.scenario is not null then coalesce(actual.net, 0) end::decimal(18, 2) as actual_net_sek,
        budget.revenue::decimal(18, 2) as budget_revenue_sek,
        budget.cost::decimal(18, 2) as budget_cost_sek,
        case when has_budget.scenario is not null then coalesce(budget.net, 0) end::decimal(18, 2) as budget_net_sek,
        actual_revenue_sek - budget_revenue_sek as variance_revenue_sek,
        actual_cost_sek - budget_cost_sek as variance_cost_sek,
        actual_net_sek - budget_net_sek as variance_net_sek,
        case when had_actual.scenario is not null then coalesce(before.net, 0) end::decimal(18, 2)
            as prior_actual_net_sek
    from list('activity_codes')
    left join (from operating where scenario = 'actual') as actual
        using (organisation_id, board_id, fiscal_year, activity_code)
    left join (from operating where scenario = 'budget') as budget
        using (organisation_id, board_id, fiscal_year, activity_code)
    left join (select * replace (fiscal_year + 1 as fiscal_year) from operating where scenario = 'actual') as before
        using (organisation_id, board_id, fiscal_year, activity_code)
    left join (from years where scenario = 'actual') as has_actual using (organisation_id, board_id, fiscal_year)
    left join (from years where scenario = 'budget') as has_budget using (organisation_id, board_id, fiscal_year)
    left join (select * replace (fiscal_year + 1 as fiscal_year) from years where scenario = 'actual') as had_actual
        using (organisation_id, board_id, fiscal_year)
) to '{out}/fct_activity_variance.parquet';

-- a line is the sum of its entry class, or of its account class where it is a memo; the result is that of the others
copy (
    with stated as (
        select
            * exclude (prior_actual, actual, budget, scale),
            kronor(prior_actual, scale) as prior, kronor(actual, scale) as actual, kronor(budget, scale) as budget
        from list('operating/result_lines')
    ),
    known as (
        select
            stated.* replace (
                case when count(posted.scenario) filter (where scenario = 'actual') = 0 then any_value(stated.actual)
                else coalesce(sum(amount_sek) filter (
                    where scenario = 'actual' and (line_role = entry_class or (line_role = 'memo' and class = posted.account_class))
                ), 0) end as actual,
                case when count(posted.scenario) filter (where scenario = 'budget') = 0 then any_value(stated.budget)
                else coalesce(sum(amount_sek) filter (
                    where scenario = 'budget' and (line_role = entry_class or (line_role = 'memo' and class = posted.account_class))
                ), 0) end as budget
            )
        from (select * rename (account_class as class) from stated) as stated
        left join (from posted where account_kind = 'operating') as posted using (organisation_id, board_id, fiscal_year)
        where line_role <> 'result'
        group by all
    ),
    lines as (
        select known.* replace (coalesce(before.actual, known.prior) as prior)
        from known
        left join known as before
            on known.organisation_id = before.organisation_id and known.board_id = before.board_id
            and known.fiscal_year = before.fiscal_year + 1 and known.line_role = before.line_role
            and known.class is not distinct from before.class
    ),
    completed as (
        select organisation_id, board_id, fiscal_year, line_number, prior, actual, budget from lines
        union all
        select
            organisation_id, board_id, fiscal_year, stated.line_number,
            case when count(lines.prior) = count(*) then sum(lines.prior) end,
            case when count(lines.actual) = count(*) then sum(lines.actual) end,
            case when count(lines.budget) = count(*) then sum(lines.budget) end
        from stated
        left join (from lines where line_role in ('revenue', 'cost')) as lines using (organisation_id, board_id, fiscal_year)
        where stated.line_role = 'result'
        group by all
    )
    select
        organisation_id, board_id, fiscal_year, line_number::integer as line_number,
        prior::decimal(18, 2) as prior_actual_sek,
        actual::decimal(18, 2) as actual_sek,
        budget::decimal(18, 2) as budget_sek,
        actual_sek - budget_sek as variance_sek,
        actual_sek - prior_actual_sek as change_sek
    from completed
) to '{out}/fct_income_statement.parquet';

-- a sub-project counts on its parent; the parent's own stated amount is then a control
copy (
    with projects as (
        select *, coalesce(parent_project_id, project_id) as reported_id from list('investments/projects')
    ),
    detailed as (
        select organisation_id, board_id, fiscal_year, scenario, parent_project_id as project_id
        from list('investments/project_amounts')
        join projects using (organisation_id, board_id, fiscal_year, project_id)
        where parent_project_id is not null
    ),
    entries as (
        select organisation_id, board_id, fiscal_year, scenario, project_id, amount_sek
        from posted where account_kind = 'investment'
        union all
        select organisation_id, board_id, fiscal_year, scenario, project_id, kronor(amount, scale)
        from list('investments/project_amounts')
        anti join detailed using (organisation_id, board_id, fiscal_year, scenario, project_id)
        anti join (from posted where account_kind = 'investment') as posted
            using (organisation_id, board_id, fiscal_year, scenario)
    ),
    years as (
        select
            organisation_id, board_id, fiscal_year,
            bool_or(scenario = 'actual') as has_actual, bool_or(scenario = 'budget') as has_budget
        from entries
        group by all
    ),
    sums as (
        select
            organisation_id, board_id, fiscal_year, reported_id as project_id,
            sum(amount_sek) filter (where scenario = 'actual') as actual,
            sum(amount_sek) filter (where scenario = 'budget') as budget
        from projects
        join entries using (organisation_id, board_id, fiscal_year, project_id)
        group by all
    )
    select
        organisation_id, board_id, fiscal_year, project_id,
        case when has_actual then coalesce(actual, 0) end::decimal(18, 2) as actual_sek,
        case when has_budget then coalesce(budget, 0) end::decimal(18, 2) as budget_sek,
        -kronor(mandated_cost, mandates.scale) as mandate_sek,
        actual_sek - budget_sek as variance_sek
    from (from projects where parent_project_id is null) as projects
    left join sums using (organisation_id, board_id, fiscal_year, project_id)
    left join years using (organisation_id, board_id, fiscal_year)
    left join list('investments/mandates') as mandates using (organisation_id, board_id, fiscal_year, project_id)
) to '{out}/fct_investment_variance.parquet';
