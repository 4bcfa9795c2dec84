with

activity_codes as (

    select * from {{ ref('stg_board__activity_codes') }}

),

drivers as (

    select * from {{ ref('stg_operating__drivers') }}

),

projects as (

    select * from {{ ref('int_investments__projects_resolved') }}

),

measures as (

    select * from {{ ref('stg_goals__measures') }}

),

programmes as (

    select * from {{ ref('stg_goals__programmes') }}

),

named as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'operating/' || activity_code as subject,
        activity_code || ' ' || activity_name as subject_name

    from activity_codes

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'driver/' || driver_id as subject,
        driver_name as subject_name

    from drivers

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'project/' || project_id as subject,
        project_name as subject_name

    from projects

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'measure/' || measure_id as subject,
        measure_name as subject_name

    from measures

    union all

    select
        organisation_id,
        board_id,
        fiscal_year,
        'programme/' || programme_id as subject,
        programme_name as subject_name

    from programmes

)

select * from named
