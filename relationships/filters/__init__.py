"""From an address to what a list is narrowed by, and back: the URL is the state, so a view can be shared."""

from relationships.filters.relationship_list import decode_list, encode_list, list_url

__all__ = ["decode_list", "encode_list", "list_url"]
