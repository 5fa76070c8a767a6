"""What must hold, asked of an instance: `python -m tests.trade.audit DATA SITE STOCK URL`."""

import subprocess
import sys
from pathlib import Path
from typing import cast
from uuid import UUID

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance


def main(data: str, site: str, stock: str, url: str) -> None:
    setup(Instance(Path(data)))
    from lockstitch.catalogue.models import Sku
    from lockstitch.tenancy.scope import scope
    from tests.fakes.running import Running
    from tests.trade.invariants import check

    fake = Running("stripe", url, cast("subprocess.Popen[bytes]", None))
    with scope(UUID(site)):
        skus = Sku.objects.filter(product__slug="shirt").values_list("id", flat=True)
        check(dict.fromkeys(skus, int(stock)), {"stripe": fake}, settled=True)
    print("everything agrees")


if __name__ == "__main__":
    main(*sys.argv[1:])
