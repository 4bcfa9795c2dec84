{#
    Kronor rounded to the unit that a report prints (scale 1, 1000 or 1000000), half away from zero, still in kronor.
    An engine rounds a decimal half away from zero; on a floating point number it would not.
#}
{% macro to_printed_unit(amount, scale) -%}
    case {{ scale }}
        when 1000000 then round(cast({{ amount }} as decimal(18, 2)), -6)
        when 1000 then round(cast({{ amount }} as decimal(18, 2)), -3)
        else round(cast({{ amount }} as decimal(18, 2)), 0)
    end
{%- endmacro %}
