with

printed_figures as (

    select * from {{ ref('int_control__printed_valued') }}

),

checked as (

    select * from {{ ref('fct_figure_check') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

judged as (

    select
        printed_figures.document_id,
        printed_figures.organisation_id,
        printed_figures.board_id,
        printed_figures.document_fiscal_year as fiscal_year,
        printed_figures.section,
        printed_figures.printed_number,
        case
            when checked.is_declared then 'declared'
            else coalesce(checked.verdict, 'exempt')
        end as verdict

    from printed_figures
    left join checked
        on printed_figures.printed_id = checked.printed_id

),

counted as (

    select
        document_id,
        organisation_id,
        board_id,
        fiscal_year,
        section,
        verdict,
        min(printed_number) as first_printed_number,
        cast(count(*) as integer) as numeral_count

    from judged
    group by document_id, organisation_id, board_id, fiscal_year, section, verdict

),

final as (

    select
        counted.document_id,
        counted.organisation_id,
        counted.board_id,
        counted.fiscal_year,
        counted.section,
        counted.verdict,
        statuses.status_name as verdict_name,
        counted.first_printed_number,
        counted.numeral_count

    from counted
    left join statuses
        on
            statuses.subject = 'verdict'
            and counted.verdict = statuses.status

)

select * from final
