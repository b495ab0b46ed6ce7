"""Purchase lines as Parquet partitions by year and region, for settlements at scale."""
