with

rules as (

    select * from {{ ref('stg_reference__exemption_rules') }}

),

final as (

    select
        rule_id,
        pattern,
        reason

    from rules

)

select * from final
