"""A real instance with two shops, shared by the tests of one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pyotp
import pytest

from tests.filled import STAFF as STAFF
from tests.filled import filled
from tests.instance import Running
from tests.seed import PASSWORD
from tests.shopper import Browser, Page, Shopper


@dataclass
class Seeded:
    """The running instance and what is in it."""

    up: Running
    world: dict[str, Any]

    def shopper(self, slug: str = "north") -> Shopper:
        return Shopper(self.up.shop(f"{slug}.localhost"))

    def site(self, slug: str = "north") -> str:
        return str(self.world["sites"][slug]["id"])

    def database(self, role: str = "postgres") -> psycopg.Connection[Any]:
        """The superuser's, or one role's, for both shops."""
        cluster = self.up.instance.cluster
        url = cluster.superuser_url() if role == "postgres" else cluster.url(role)
        connection = psycopg.connect(url, autocommit=True)
        sites = ",".join(self.site(slug) for slug in self.world["sites"])
        connection.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [sites])
        return connection

    def operator(self, slug: str = "north", role: str = "owner") -> "Operator":
        return Operator(self, slug, role)


class Operator(Browser):
    """Signed in to the console."""

    def __init__(self, seeded: Seeded, slug: str, role: str) -> None:
        super().__init__()
        self.desk, self.shop, self.slug = seeded.up.desk(), seeded.up.shop(), slug
        code = pyotp.TOTP(seeded.world["totp"]).now()
        form = self.get(f"{self.desk}/sign-in/").form(having="totp")
        page = self.submit(form, email=f"{role}@{slug}.example", password=PASSWORD, totp=code)
        if page.status != 200 or not page.url.startswith(self.shop):
            raise AssertionError(f"not signed in: {page.status} {page.url}")

    def reveal(self, number: str, purpose: str = "order.ship") -> Page:
        page = self.get(f"{self.desk}/s/{self.slug}/orders/{number}/reveal/")
        return self.submit(page.form(having="purpose"), purpose=purpose)

    def keep_sender(self, **more: str) -> Page:
        """Who sends the parcels, as the label files want it."""
        page = self.get(f"{self.shop}/s/{self.slug}/shipping/terms/")
        return self.submit(
            page.form(having="cut_off"), sender_name="ノース", sender_phone="0312345678",
            sender_postal_code="150-0001", sender_address="東京都渋谷区神宮前1-2-3",
            yamato_customer="0312345678", yamato_fare="01", **more,
        )  # fmt: skip


@contextmanager
def seed(environment: dict[str, str]) -> Iterator[Seeded]:
    """A running instance with the small world in it."""
    with filled(environment) as (up, world):
        yield Seeded(up, world)


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with seed(STAFF) as made:
        yield made
