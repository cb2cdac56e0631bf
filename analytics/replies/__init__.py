"""A mail told apart: the writer's words, what they quote, how they sign."""
