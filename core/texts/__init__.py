"""The text of a file, for searching: taken out by a process apart, which knows neither Django nor our database."""
