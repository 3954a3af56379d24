"""Sums with ranges and brackets: as brackets, collapsed, counted, exchanged, cell by cell."""
