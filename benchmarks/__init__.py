"""Scale and speed: the generator of large workspaces, and the benches with their recorded ratios."""
