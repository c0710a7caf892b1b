"""What leaves the workbench: workbook, CSV, charts."""
