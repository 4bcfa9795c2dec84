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
        section,
        unit,
        scale,
        qualifier,
        figure_key,
        figure_year,
        figure_sign,
        value_number,
        value_number * figure_sign as signed_number,
        {{ stated_decimals('value') }} as decimals

    from statements
    where figure_key is not null

),

compared as (

    select
        numbers.organisation_id,
        numbers.board_id,
        numbers.fiscal_year,
        numbers.figure_key,
        numbers.section,
        numbers.unit,
        numbers.qualifier,
        numbers.signed_number,
        figures.value as figure_value,
        {{ rounded('figures.value', 'numbers.scale', 'numbers.decimals') }} as rounded_value

    from numbers
    left join figures
        on
            numbers.organisation_id = figures.organisation_id
            and numbers.board_id = figures.board_id
            and numbers.figure_year = figures.fiscal_year
            and numbers.figure_key = figures.figure_key

),

disagreeing as (

    -- a number that no figure answers to is a disagreement too: a mistyped key must not pass
    select
        organisation_id,
        board_id,
        fiscal_year,
        'statement_against_figure' as rule_id,
        figure_key as subject,
        case unit
            when 'sek' then {{ as_tkr('signed_number') }}
            else cast(signed_number as {{ dbt.type_string() }})
        end || ' (' || section || ')' as first_side,
        case
            when figure_value is null then 'ingen sådan uppgift'
            when unit = 'sek' then {{ as_tkr('figure_value') }} || ' (tabell)'
            else cast(figure_value as {{ dbt.type_string() }}) || ' (tabell)'
        end as second_side,
        case
            when unit = 'sek' then cast(signed_number - figure_value as decimal(18, 2))
        end as difference_sek

    from compared
    where
        figure_value is null
        or (qualifier <> 'just_under' and signed_number <> rounded_value)
        or (qualifier = 'just_under' and not (figure_value < signed_number))

),

disagreeing_by_figure as (

    -- what is said twice of one figure is one contradiction, with all that was said
    select
        organisation_id,
        board_id,
        fiscal_year,
        rule_id,
        subject,
        {{ dbt.listagg('first_side', "' / '", 'order by first_side') }} as first_side,
        max(second_side) as second_side,
        case
            when min(difference_sek) = max(difference_sek) then min(difference_sek)
        end as difference_sek

    from disagreeing
    group by organisation_id, board_id, fiscal_year, rule_id, subject

),

signed as (

    -- one word for a size, whose printed sign is the figure's in one place and turned in another
    select
        organisation_id,
        board_id,
        fiscal_year,
        attribute,
        max(case when figure_sign = -1 then section end) as turned_section,
        max(case when figure_sign = -1 then value_number end) as turned_number,
        max(case when figure_sign = 1 then section end) as plain_section,
        max(case when figure_sign = 1 then value_number end) as plain_number

    from numbers
    where unit = 'sek'
    group by organisation_id, board_id, fiscal_year, attribute

),

sign_conventions as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'sign_conventions' as rule_id,
        attribute as subject,
        {{ as_tkr('turned_number') }} || ' (' || turned_section || ')' as first_side,
        {{ as_tkr('plain_number') }} || ' (' || plain_section || ')' as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from signed
    where turned_section is not null and plain_section is not null

),

contradicted as (

    select * from disagreeing_by_figure
    union all
    select * from sign_conventions

)

select * from contradicted
