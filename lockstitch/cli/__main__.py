"""`python -m lockstitch.cli`."""

from lockstitch.cli.main import main

main()
