"""The pages of cases: the queue, one case, and its moves."""
