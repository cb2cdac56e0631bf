"""The API of health: why it is what it is, alerts, reviews, proposals."""
