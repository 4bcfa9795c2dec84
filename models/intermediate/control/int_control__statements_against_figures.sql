with

statements as (

    select * from {{ ref('int_control__statements_placed') }}

),

figures as (

    select * from {{ ref('fct_figure') }}

),

numbers as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        subject,
        attribute,
        subject || '/' || attribute as figure_key,
        section,
        value,
        scale,
        qualifier,
        value_number,
        {{ stated_decimals('value') }} as decimals

    from statements
    where value_kind = 'number' and unit = 'sek'

),

compared as (

    select
        numbers.organisation_id,
        numbers.board_id,
        numbers.fiscal_year,
        numbers.subject,
        numbers.attribute,
        numbers.figure_key,
        numbers.section,
        numbers.value_number,
        numbers.qualifier,
        figures.value as figure_value,
        {{ rounded('figures.value', 'numbers.scale', 'numbers.decimals') }} as rounded_value

    from numbers
    left join figures
        on
            numbers.organisation_id = figures.organisation_id
            and numbers.board_id = figures.board_id
            and numbers.fiscal_year = figures.fiscal_year
            and numbers.figure_key = figures.figure_key

),

disagreeing as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'statement_against_figure' as rule_id,
        figure_key as subject,
        {{ as_tkr('value_number') }} || ' (' || section || ')' as first_side,
        {{ as_tkr('figure_value') }} || ' (tabell)' as second_side,
        cast(value_number - figure_value as decimal(18, 2)) as difference_sek

    from compared
    where qualifier = 'exact' and value_number <> rounded_value

),

signed as (

    -- one word for a size, printed with a plus in one place and with a minus in another
    select
        organisation_id,
        board_id,
        fiscal_year,
        attribute,
        max(case when value_number > 0 then subject end) as positive_subject,
        max(case when value_number > 0 then value_number end) as positive_value,
        min(case when value_number < 0 then subject end) as negative_subject,
        min(case when value_number < 0 then value_number end) as negative_value

    from compared
    where figure_value is null
    group by organisation_id, board_id, fiscal_year, attribute

),

sign_conventions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'sign_conventions' as rule_id,
        attribute as subject,
        positive_subject || ': ' || {{ as_tkr('positive_value') }} as first_side,
        negative_subject || ': ' || {{ as_tkr('negative_value') }} as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from signed
    where positive_value is not null and negative_value is not null

),

contradicted as (

    select * from disagreeing
    union all
    select * from sign_conventions

)

select * from contradicted
