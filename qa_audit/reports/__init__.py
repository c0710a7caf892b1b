"""What leaves the workbench: workbook, page, PDF, CSV, Parquet, charts, bulletin."""
