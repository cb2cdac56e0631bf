"""The API of outside issues."""
