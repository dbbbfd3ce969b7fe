"""Tables as they leave: open data, workbook, database, dictionary."""
