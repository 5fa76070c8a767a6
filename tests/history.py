"""Orders from long ago for a shop: `python -m tests.history DATA SLUG COUNT [BUYERS]`."""

import sys
from pathlib import Path

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance


def main(data: str, slug: str, count: int, buyers: int) -> None:
    instance = Instance(Path(data))
    setup(instance)
    from lockstitch.cli.world.orders import take_in
    from lockstitch.cli.world.preset import SitePlan
    from lockstitch.tenancy.queries import find_site

    site = find_site(slug)
    assert site is not None
    plan = SitePlan(
        slug=slug, company=0, members=0, operators=0, orders=count, buyers=buyers,
        has_payment=False,
    )  # fmt: skip
    take_in(instance, site, plan, lambda _done, _of: None)


if __name__ == "__main__":
    data, slug, count, *buyers = sys.argv[1:]
    main(data, slug, int(count), int(buyers[0]) if buyers else int(count) * 7 // 10)
