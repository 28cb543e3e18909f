"""Batches on a Ray cluster: many machines read, each writes Parquet files of its own."""
