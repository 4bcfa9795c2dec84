{#
    A figure rounded to what a report prints of it - scale (1, 1000, 1000000) and decimals (0-3), both columns or numbers - still in its own unit.
    The rounding policy of the project, in this place alone: half away from zero, on decimals, never on floating point; docs/rounding.md.
#}
{% macro rounded(value, scale, decimals) -%}
    case
        {%- for known_scale, exponent in [(1, 0), (1000, 3), (1000000, 6)] %}
        {%- for known_decimals in range(4) %}
        when {{ scale }} = {{ known_scale }} and {{ decimals }} = {{ known_decimals }}
            then cast(round(cast({{ value }} as decimal(28, 6)), {{ known_decimals - exponent }}) as decimal(28, 6))
        {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}
