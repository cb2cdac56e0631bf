"""The kernel's part of the API: the same operations and queries as the pages, by another door."""
