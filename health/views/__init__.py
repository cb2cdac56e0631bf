"""Health's own pages: the evidence of a number, judgements beside it, and how it is measured."""
