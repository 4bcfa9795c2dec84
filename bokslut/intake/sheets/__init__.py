"""A controller's own sheet: a CSV, Excel or Parquet file to cells, a profile that says what they mean, and postings."""
