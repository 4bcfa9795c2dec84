{#
    An amount in kronor as a short text in tkr, for the two sides of a contradiction: as a Swedish report prints it (U+2212 for minus,
    no-break space for thousands), rounded half away from zero.
#}
{% macro as_tkr(amount) -%}
    replace(
        replace({{ grouped_thousands(rounded(amount, 1000, 0) ~ ' / 1000') }}, ',', '{{ "\u00a0" }}'), '-', '−'
    ) || '{{ "\u00a0" }}tkr'
{%- endmacro %}
