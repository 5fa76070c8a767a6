"""The shop's only client of the guard. `deposit` and `post` write; `reading` asks, and may be
imported only by the desk and the command line."""
