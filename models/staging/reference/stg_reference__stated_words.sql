with

source as (

    select * from {{ ref('stated_words') }}

),

typed as (

    select
        word,
        word_name

    from source

)

select * from typed
