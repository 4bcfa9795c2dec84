with

source as (

    select * from {{ ref('thresholds') }}

),

typed as (

    select
        threshold_id,
        {{ kronor('value', 'scale') }} as threshold_value,
        meaning

    from source

)

select * from typed
