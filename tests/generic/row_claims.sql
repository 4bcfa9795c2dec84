{# Claims that hold for each row of a model, in one node: null breaks a claim. claims: name -> boolean expression over one row. #}
{% test row_claims(model, key, claims) %}
{{ broken_claims(model, key, claims) }}
{% endtest %}
