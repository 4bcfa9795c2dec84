select
    variances.fiscal_year,
    variances.activity_code,
    variances.activity_name,
    variances.activity_code || ' ' || variances.activity_name as activity_label,
    activities.area_name,
    variances.analysis_comment,
    variances.actual_revenue_sek,
    variances.actual_cost_sek,
    variances.actual_net_sek,
    variances.budget_revenue_sek,
    variances.budget_cost_sek,
    variances.budget_net_sek,
    variances.variance_revenue_sek,
    variances.variance_cost_sek,
    variances.variance_net_sek,
    variances.variance_share,
    variances.explained_sek,
    variances.residual_sek

from marts.fct_activity_variance as variances
left join marts.dim_activity as activities
    on
        variances.organisation_id = activities.organisation_id
        and variances.board_id = activities.board_id
        and variances.activity_code = activities.activity_code
where
    variances.organisation_id = {{ $organisation_id }}
    and variances.board_id = {{ $board_id }}
    and variances.fiscal_year = {{ $fiscal_year }}
order by variances.activity_code
