"""A large workspace, made up: every registered kind, skewed as real books are, the same for the same seed."""
