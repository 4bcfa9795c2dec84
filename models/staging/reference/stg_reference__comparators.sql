with

source as (

    select * from {{ ref('comparators') }}

),

typed as (

    select
        comparator,
        comparator_name,
        compares_with,
        cast(accepts_less as boolean) as accepts_less,
        cast(accepts_equal as boolean) as accepts_equal,
        cast(accepts_more as boolean) as accepts_more

    from source

)

select * from typed
