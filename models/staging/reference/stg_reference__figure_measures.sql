with

source as (

    select * from {{ ref('figure_measures') }}

),

typed as (

    select
        mart_name,
        column_name,
        figure_name,
        unit,
        cast(factor as integer) as factor

    from source

)

select * from typed
