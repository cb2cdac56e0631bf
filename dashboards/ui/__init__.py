"""What the overviews say in words."""
