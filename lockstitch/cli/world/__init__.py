"""`lockstitch world`: the reference world of the 2016 break-in, invented and the same each time."""
