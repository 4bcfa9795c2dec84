select
    fiscal_year,
    indicator_id,
    place,
    indicator_name,
    coalesce(place_name, '') as place_name,
    coalesce(qualifier_name, '') as qualifier_name,
    unit,
    value,
    previous_value,
    change

from marts.fct_indicator
where
    organisation_id = {{ $organisation_id }}
    and board_id = {{ $board_id }}
    and fiscal_year <= {{ $fiscal_year }}
order by indicator_name, place_name, fiscal_year
