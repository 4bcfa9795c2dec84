{# At the end of a run: what each failed data test found, five rows at most, so that nobody has to compile SQL to learn what is wrong. #}
{% macro print_broken_claims(results) %}
    {%- if execute %}
        {%- if "Out of Memory Error" in results | map(attribute="message") | join(" ") %}
            {%- do print("DuckDB had too little memory: set BOKSLUT_MEMORY_LIMIT, for example to 1GB (of a release: bokslut build --memory-limit 1GB)") %}
        {%- endif %}
        {%- for result in results
            if result.node.resource_type == "test" and result.status | string == "fail" %}
            {%- set found = run_query("select * from (" ~ result.node.compiled_code ~ ") as found limit 5") %}
            {%- do print("") %}
            {%- do print("BROKEN " ~ result.node.name) %}
            {%- for row in found.rows %}
                {%- set cells = [] %}
                {%- for name in found.column_names %}
                    {%- do cells.append(name ~ ": " ~ row[name]) %}
                {%- endfor %}
                {%- do print("  " ~ cells | join(" | ")) %}
            {%- endfor %}
        {%- endfor %}
    {%- endif %}
{% endmacro %}
