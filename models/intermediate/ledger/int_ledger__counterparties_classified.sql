with

postings as (

    select * from {{ ref('int_ledger__postings_summed') }}

),

counterparty_classes as (

    select * from {{ ref('stg_board__counterparty_classes') }}

),

counterparties as (

    select
        organisation_id,
        motpart

    from postings
    where motpart is not null
    group by organisation_id, motpart

),

matched as (

    select
        counterparties.organisation_id,
        counterparties.motpart,
        counterparty_classes.counterparty_class,
        row_number() over (
            partition by counterparties.organisation_id, counterparties.motpart
            order by length(counterparty_classes.motpart_prefix) desc
        ) as match_rank

    from counterparties
    left join counterparty_classes
        on
            counterparties.organisation_id = counterparty_classes.organisation_id
            and left(counterparties.motpart, length(counterparty_classes.motpart_prefix))
            = counterparty_classes.motpart_prefix

),

longest as (

    select
        organisation_id,
        motpart,
        counterparty_class

    from matched
    where match_rank = 1

)

select * from longest
