"""The drill: the break-in of 2016, replayed against a running instance on loopback."""
