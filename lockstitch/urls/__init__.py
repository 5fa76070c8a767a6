"""The URL tables: one for each surface and host, so that a process has no other's routes."""
