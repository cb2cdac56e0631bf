"""The overviews' pages, one module for each."""
