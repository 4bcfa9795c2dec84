with

source as (

    select * from {{ ref('fiscal_years') }}

),

typed as (

    select
        cast(fiscal_year as integer) as fiscal_year,
        cast(starts_on as date) as starts_on,
        cast(ends_on as date) as ends_on

    from source

)

select * from typed
