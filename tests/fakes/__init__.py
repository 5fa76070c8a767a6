"""Payment providers to test against: programs of their own, spoken to by HTTP only."""
