"""Load programs, each with its reference limit measured in the same run. They need the packages of
requirements-dev.lock, go to loopback only, and stop by themselves."""
