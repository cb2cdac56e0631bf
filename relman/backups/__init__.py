"""The whole of a workspace in one file, and back: database, documents, and the key that seals its secrets."""
