{# Each reference names a row that exists, for a model whose rows have no other claims; see the macro broken_references. #}
{% test references_exist(model, references) %}
{{ broken_references(model, references) }}
{% endtest %}
