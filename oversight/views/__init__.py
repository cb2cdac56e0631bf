"""Pages of oversight: what was done, who sees what, and what is known of a person."""
