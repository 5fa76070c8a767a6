"""What lists, filters and searches read: one row for each colour of a product, kept by the
database itself whenever the catalogue or a stock word changes (decision 027)."""
