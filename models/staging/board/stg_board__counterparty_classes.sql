with

source as (

    select * from {{ ref('counterparty_classes') }}

),

typed as (

    select
        organisation_id,
        motpart_prefix,
        counterparty_class,
        counterparty_name,
        cast(report_part as integer) as report_part

    from source

)

select * from typed
