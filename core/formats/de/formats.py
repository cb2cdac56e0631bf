"""Numbers that a template writes as they are stand in attributes too: with a point. `floatformat` writes for people."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ""
