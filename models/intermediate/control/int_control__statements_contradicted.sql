with

statements as (

    select * from {{ ref('int_control__statements_placed') }}

),

pairs as (

    -- one fact stated in two places; a month or season inside a stated year is no disagreement
    select
        earlier.organisation_id,
        earlier.board_id,
        earlier.fiscal_year,
        earlier.subject || '/' || earlier.attribute as subject,
        earlier.value_name || ' (' || earlier.section || ')' as first_side,
        later.value_name || ' (' || later.section || ')' as second_side,
        row_number() over (
            partition by earlier.document_id, earlier.subject, earlier.attribute
            order by earlier.statement_number, later.statement_number
        ) as pair_rank

    from statements as earlier
    inner join statements as later
        on
            earlier.document_id = later.document_id
            and earlier.subject = later.subject
            and earlier.attribute = later.attribute
            and earlier.statement_number < later.statement_number
    where
        coalesce(
            earlier.value_number <> later.value_number,
            earlier.value <> later.value
            and not (
                'year' in (earlier.value_kind, later.value_kind)
                and substring(earlier.value, 1, 4) = substring(later.value, 1, 4)
            )
        )

),

stated_twice as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        'stated_twice' as rule_id,
        subject,
        first_side,
        second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from pairs
    where pair_rank = 1

),

definitions as (

    -- what a measure is defined on against what it was measured on
    select
        defined.organisation_id,
        defined.board_id,
        defined.fiscal_year,
        'definition_against_measurement' as rule_id,
        defined.subject || '/' || replace(defined.attribute, '_defined', '') as subject,
        defined.value_name as first_side,
        measured.value_name as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from statements as defined
    inner join statements as measured
        on
            defined.document_id = measured.document_id
            and defined.subject = measured.subject
            and replace(defined.attribute, '_defined', '_measured') = measured.attribute
    where
        defined.attribute like '%!_defined' escape '!'
        and defined.value <> measured.value

),

passed_years as (

    -- a text that looks forward to a year that the report itself is about, or to one before it
    select
        organisation_id,
        board_id,
        fiscal_year,
        'earliest_year_passed' as rule_id,
        subject,
        'tidigast ' || value as first_side,
        'rapport för ' || cast(fiscal_year as {{ dbt.type_string() }}) as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from statements
    where
        attribute = 'earliest_year'
        and cast(case when attribute = 'earliest_year' then value end as integer) <= fiscal_year

),

dated as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        subject,
        cast(value as date) as stated_on

    from statements
    where value_kind = 'date' and attribute in ('held_on', 'decided_on')

),

weekends as (

    -- 1 January 1900 was a Monday
    select
        organisation_id,
        board_id,
        fiscal_year,
        'held_on_a_weekend' as rule_id,
        subject,
        cast(stated_on as {{ dbt.type_string() }}) as first_side,
        case mod({{ dbt.datediff("cast('1900-01-01' as date)", 'stated_on', 'day') }}, 7)
            when 5 then 'en lördag'
            else 'en söndag'
        end as second_side,
        cast(null as decimal(18, 2)) as difference_sek

    from dated
    where mod({{ dbt.datediff("cast('1900-01-01' as date)", 'stated_on', 'day') }}, 7) >= 5

),

contradicted as (

    select * from stated_twice
    union all
    select * from definitions
    union all
    select * from passed_years
    union all
    select * from weekends

)

select * from contradicted
