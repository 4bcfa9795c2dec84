-- of each scenario and account kind the version last decided: date, then length, then name
with

versions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        account_kind,
        version

    from postings_classified
    group by organisation_id, board_id, fiscal_year, scenario, account_kind, version

),

ranked as (

    select
        versions.organisation_id,
        versions.board_id,
        versions.fiscal_year,
        versions.scenario,
        versions.account_kind,
        versions.version,
        row_number() over (
            partition by
                versions.organisation_id,
                versions.board_id,
                versions.fiscal_year,
                versions.scenario,
                versions.account_kind
            order by
                case when budget_versions.decided_on is null then 1 else 0 end,
                budget_versions.decided_on desc,
                length(versions.version) desc,
                versions.version desc
        ) as rank_from_last

    from versions
    left join budget_versions
        on
            versions.organisation_id = budget_versions.organisation_id
            and versions.board_id = budget_versions.board_id
            and versions.fiscal_year = budget_versions.fiscal_year
            and versions.version = budget_versions.version

)

select
    postings_classified.organisation_id,
    postings_classified.board_id,
    postings_classified.fiscal_year,
    postings_classified.scenario,
    postings_classified.activity_code,
    postings_classified.project_id,
    postings_classified.account_class,
    postings_classified.account_kind,
    postings_classified.entry_class,
    cast(sum(postings_classified.amount_sek) as decimal(18, 2)) as amount_sek
from postings_classified
inner join ranked
    on
        postings_classified.organisation_id = ranked.organisation_id
        and postings_classified.board_id = ranked.board_id
        and postings_classified.fiscal_year = ranked.fiscal_year
        and postings_classified.scenario = ranked.scenario
        and postings_classified.account_kind = ranked.account_kind
        and postings_classified.version = ranked.version
        and ranked.rank_from_last = 1
where postings_classified.scenario in ('actual', 'budget')
group by
    postings_classified.organisation_id,
    postings_classified.board_id,
    postings_classified.fiscal_year,
    postings_classified.scenario,
    postings_classified.activity_code,
    postings_classified.project_id,
    postings_classified.account_class,
    postings_classified.account_kind,
    postings_classified.entry_class
