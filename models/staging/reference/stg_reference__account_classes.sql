with

source as (

    select * from {{ ref('account_classes') }}

),

typed as (

    select
        account_prefix,
        account_class,
        account_class_name,
        account_kind,
        entry_class

    from source

)

select * from typed
