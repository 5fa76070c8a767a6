"""The console: everything of an operator's day but the personal data, which stands in frames."""
