"""Runs what members have by the clock once, as the worker's role: `python -m tests.clockwork DATA`.
Unlike the worker's own loop it lets an error out."""

import sys
from pathlib import Path

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance


def main(data: Path) -> None:
    setup(Instance(data), "worker", "ls_worker")
    from lockstitch.crm.jobs import HOURLY, MINUTELY, NIGHTLY
    from lockstitch.tenancy.queries import all_sites
    from lockstitch.tenancy.scope import scope

    for site in all_sites():
        with scope(site.id):
            for deed in (*MINUTELY, *HOURLY, *NIGHTLY):
                print(site.slug, deed.__name__, deed())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
