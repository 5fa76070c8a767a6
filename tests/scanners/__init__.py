"""Scanners that others wrote, let loose on a running instance by `bin/scan`."""
