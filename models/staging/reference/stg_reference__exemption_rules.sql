with

source as (

    select * from {{ ref('exemption_rules') }}

),

renamed as (

    select
        rule_id,
        pattern,
        reason

    from source

)

select * from renamed
