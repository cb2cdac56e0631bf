"""What is asked of cases, one module for each concept."""
