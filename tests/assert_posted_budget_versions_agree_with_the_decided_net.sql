-- the net that a version was decided with is what is posted of it on the operating account, as far
-- as its decimals say; the last decided version of a posted scenario is posted at all
with

declared as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        version,
        net_sek,
        net_decimals,
        scale,
        case when version_kind = 'forecast' then 'forecast' else 'budget' end as scenario,
        row_number() over (
            partition by
                organisation_id,
                board_id,
                fiscal_year,
                case when version_kind = 'forecast' then 'forecast' else 'budget' end
            order by decided_on desc, length(version) desc, version desc
        ) as last_rank

    from {{ ref('stg_operating__budget_versions') }}

),

posted as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        scenario,
        version,
        sum(case when account_kind = 'operating' then amount_sek end) as net_sek

    from {{ ref('int_ledger__versions_ranked') }}
    where account_kind in ('operating', 'investment')
    group by organisation_id, board_id, fiscal_year, scenario, version

),

compared as (

    select
        declared.organisation_id,
        declared.board_id,
        declared.fiscal_year,
        declared.scenario,
        declared.version,
        declared.net_sek as decided_sek,
        declared.scale,
        declared.net_decimals,
        posted.net_sek as posted_sek,
        posted.version is not null as is_posted,
        declared.last_rank = 1 and exists (
            select 1
            from posted as any_posted
            where
                any_posted.organisation_id = declared.organisation_id
                and any_posted.board_id = declared.board_id
                and any_posted.fiscal_year = declared.fiscal_year
                and any_posted.scenario = declared.scenario
        ) as must_be_posted

    from declared
    left join posted
        on
            declared.organisation_id = posted.organisation_id
            and declared.board_id = posted.board_id
            and declared.fiscal_year = posted.fiscal_year
            and declared.scenario = posted.scenario
            and declared.version = posted.version

)

select
    {{ key_text([
        'organisation_id',
        'board_id',
        'fiscal_year',
        'scenario',
        'version',
    ]) }} as version_key,
    case
        when is_posted then 'the posted net is not the decided one'
        else 'the version last decided is not posted'
    end as finding,
    decided_sek,
    posted_sek
from compared
where
    (must_be_posted and not is_posted)
    or (
        is_posted
        and decided_sek is not null
        and decided_sek is distinct from {{ rounded('posted_sek', 'scale', 'net_decimals') }}
    )
