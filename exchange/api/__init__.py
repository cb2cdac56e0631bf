"""The API of imports and duplicates."""
