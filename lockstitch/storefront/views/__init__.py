"""The shop window: parse, call one query or action, render."""
