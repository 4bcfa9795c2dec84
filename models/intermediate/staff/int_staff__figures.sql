with

measures as (

    select * from {{ ref('stg_reference__figure_measures') }}

),

sick_leave as (

    select * from {{ ref('fct_sick_leave') }}

),

figures as (

    {{ figure_rows('sick_leave', 'fct_sick_leave', "'sick_leave/' || sick_leave.staff_group", [
        'sick_leave_share',
        'long_term_share',
    ]) }}

),

known as (

    -- a figure that is not known, or not to be shown, is no figure
    select
        organisation_id,
        board_id,
        fiscal_year,
        figure_key,
        value,
        unit,
        mart_name,
        column_name

    from figures
    where value is not null

)

select * from known
