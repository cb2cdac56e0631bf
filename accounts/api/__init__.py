"""The frame that every endpoint stands in, and the endpoints of people and teams."""
