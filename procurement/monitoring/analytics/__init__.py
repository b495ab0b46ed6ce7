"""Purchase lines of a quarter, summed once by Ibis on DuckDB over Parquet partitions."""
