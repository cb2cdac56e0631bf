"""The kernel's pages: each view resolves, checks, validates, makes one call into the domain, and renders."""
