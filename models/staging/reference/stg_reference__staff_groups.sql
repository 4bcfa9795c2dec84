with

source as (

    select * from {{ ref('staff_groups') }}

),

typed as (

    select
        staff_group,
        staff_group_name,
        dimension,
        cast(group_number as integer) as group_number

    from source

)

select * from typed
