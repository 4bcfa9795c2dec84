with

source as (

    select * from {{ ref('number_words') }}

),

typed as (

    select
        word,
        cast(value as integer) as value

    from source

)

select * from typed
