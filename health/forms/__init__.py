"""What health asks people: how they judge, what they decide, what they expect."""
