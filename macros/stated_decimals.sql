{# With how many decimals a number stands in a seed (12.60 has two): what a computed amount is rounded to before it is held against it. #}
{% macro stated_decimals(number) -%}
    case when {{ number }} like '%.%' then length({{ number }}) - position('.' in {{ number }}) else 0 end
{%- endmacro %}
