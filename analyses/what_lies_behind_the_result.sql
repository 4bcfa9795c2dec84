-- What lies behind the result? The five largest variances of each board and year, with cause,
-- named drivers and the residual.
with

variances as (

    select * from {{ ref('fct_activity_variance') }}

),

drivers as (

    select * from {{ ref('fct_variance_driver') }}

),

named as (

    select
        organisation_id,
        board_id,
        fiscal_year,
        activity_code,
        sum(amount_sek) as named_sek

    from drivers
    group by organisation_id, board_id, fiscal_year, activity_code

),

ranked as (

    select
        variances.organisation_id,
        variances.board_id,
        variances.fiscal_year,
        variances.activity_code,
        variances.activity_name,
        variances.variance_net_sek,
        named.named_sek,
        variances.variance_net_sek - named.named_sek as residual_sek,
        variances.analysis_comment,
        row_number() over (
            partition by variances.organisation_id, variances.board_id, variances.fiscal_year
            order by abs(variances.variance_net_sek) desc, variances.activity_code asc
        ) as variance_rank

    from variances
    left join named
        on
            variances.organisation_id = named.organisation_id
            and variances.board_id = named.board_id
            and variances.fiscal_year = named.fiscal_year
            and variances.activity_code = named.activity_code
    where variances.variance_net_sek is not null

)

select * from ranked
where variance_rank <= 5
order by organisation_id, board_id, fiscal_year, variance_rank
