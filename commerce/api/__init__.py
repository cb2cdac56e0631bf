"""The API of trade: orders, payments and value, for those who may see money."""
