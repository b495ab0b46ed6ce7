"""The public tables as CSV and Parquet, with the dictionary of their columns."""
