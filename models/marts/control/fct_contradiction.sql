with

statements_contradicted as (

    select * from {{ ref('int_control__statements_contradicted') }}

),

statements_against_figures as (

    select * from {{ ref('int_control__statements_against_figures') }}

),

amounts_contradicted as (

    select * from {{ ref('int_control__amounts_contradicted') }}

),

comments_contradicted as (

    select * from {{ ref('int_control__comments_contradicted') }}

),

investments_contradicted as (

    select * from {{ ref('int_control__investments_contradicted') }}

),

statuses_contradicted as (

    select * from {{ ref('int_control__statuses_contradicted') }}

),

documents as (

    select * from {{ ref('stg_control__documents') }}

),

declared as (

    select * from {{ ref('stg_control__declared_contradictions') }}

),

rules as (

    select * from {{ ref('stg_reference__contradiction_rules') }}

),

subjects as (

    select * from {{ ref('int_control__subjects_named') }}

),

found as (

    select * from statements_contradicted
    union all
    select * from statements_against_figures
    union all
    select * from amounts_contradicted
    union all
    select * from comments_contradicted
    union all
    select * from investments_contradicted
    union all
    select * from statuses_contradicted

),

reported_years as (

    select
        organisation_id,
        board_id,
        fiscal_year

    from documents
    group by organisation_id, board_id, fiscal_year

),

final as (

    -- a contradiction is a report's: a board and year without a document has none
    select
        found.organisation_id,
        found.board_id,
        found.fiscal_year,
        found.rule_id || '/' || found.subject as contradiction_id,
        found.rule_id,
        rules.rule_name,
        found.subject,
        subjects.subject_name,
        found.first_side,
        found.second_side,
        declared.reason,
        declared.contradiction_id is not null as is_declared,
        cast(found.difference_sek as decimal(18, 2)) as difference_sek

    from found
    inner join reported_years
        on
            found.organisation_id = reported_years.organisation_id
            and found.board_id = reported_years.board_id
            and found.fiscal_year = reported_years.fiscal_year
    left join declared
        on
            found.organisation_id = declared.organisation_id
            and found.board_id = declared.board_id
            and found.fiscal_year = declared.fiscal_year
            and found.rule_id || '/' || found.subject = declared.contradiction_id
    left join rules
        on found.rule_id = rules.rule_id
    left join subjects
        on
            found.organisation_id = subjects.organisation_id
            and found.board_id = subjects.board_id
            and found.fiscal_year = subjects.fiscal_year
            -- the thing itself, or an attribute of it
            and substring(found.subject || '/', 1, length(subjects.subject) + 1)
            = subjects.subject || '/'

)

select * from final
