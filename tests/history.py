"""Orders from long ago for a shop of an instance: `python -m tests.history DATA SLUG COUNT`."""

import sys
from pathlib import Path

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance


def main(data: str, slug: str, count: int) -> None:
    instance = Instance(Path(data))
    setup(instance)
    from lockstitch.cli.world.orders import take_in
    from lockstitch.cli.world.preset import SitePlan
    from lockstitch.tenancy.queries import find_site

    site = find_site(slug)
    assert site is not None
    plan = SitePlan(
        slug=slug, company=0, members=0, operators=0, orders=count, buyers=count * 7 // 10,
        has_payment=False,
    )  # fmt: skip
    take_in(instance, site, plan, lambda _done, _of: None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
