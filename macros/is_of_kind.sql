{# True when a seed's raw text is of the kind that its declaration names. meta: kind, values (of an enum), scale_column (of an amount). #}
{% macro is_of_kind(column, meta) -%}
    {%- set decimal = "-?[0-9]{1,15}([.][0-9]{1,6})?" -%}
    {%- set patterns = {
        "id": "[A-Za-z0-9][A-Za-z0-9_./-]*",
        "text": "[^ \t\r\n]([^\t\r\n]*[^ \t\r\n])?",
        "year": "(19|20)[0-9]{2}",
        "integer": "-?(0|[1-9][0-9]{0,8})",
        "decimal": decimal,
        "date": "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        "scale": "1|1000|1000000",
        "boolean": "true|false",
    } -%}
    {%- if meta.kind == "enum" -%}
        {{ column }} in ('{{ meta["values"] | join("', '") }}')
    {%- elif meta.kind == "amount" -%}
        {#- whole öre: what the scale makes of it must lose nothing in decimal(18, 2) -#}
        case
            when {{ matches(column, decimal) }} and {{ matches(meta.scale_column, patterns["scale"]) }}
                then {{ kronor(column, meta.scale_column) }} = {{ scaled(column, meta.scale_column) }}
            else {{ matches(column, decimal) }}
        end
    {%- else -%}
        {{ matches(column, patterns[meta.kind]) }}
    {%- endif -%}
{%- endmacro %}
