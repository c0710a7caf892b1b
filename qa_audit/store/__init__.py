"""Where things are kept: the relational database of calls, and Parquet parts of what machines derive."""
