"""What everything may use: a closed list."""
