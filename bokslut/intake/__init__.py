"""What comes from outside: the declarations of the inputs and the checks made before dbt reads a byte of them."""
