{# The number that a printed Swedish numeral says (1 234,5 with a hyphen for minus), before unit and scale; a text that is none fails. #}
{% macro printed_number(printed) -%}
    cast(replace(replace({{ printed }}, ' ', ''), ',', '.') as decimal(28, 6))
{%- endmacro %}
