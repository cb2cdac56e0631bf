"""What is done with cases, one module for each concept."""
