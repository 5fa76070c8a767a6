"""A buyer calls an order off, alone and in time."""

import re

import pytest

from tests.instance import wait_until
from tests.seam.conftest import Seeded
from tests.shopper import Form, Page, Shopper
from tests.world import TRACKING

pytestmark = pytest.mark.slow


def number_of(page: Page) -> str:
    found = re.search(r"\d{6}-[0-9A-Z]{6}", page.text)
    assert found
    return found.group()


def state(seeded: Seeded, page: Page) -> tuple[str, str, str]:
    with seeded.database() as db:
        return db.execute(
            "SELECT status, payment, fulfilment FROM orders_order WHERE number = %s",
            [number_of(page)],
        ).fetchone()  # type: ignore[return-value]


def test_the_browser_that_ordered_may_cancel(seeded: Seeded) -> None:
    shopper = seeded.shopper()
    page = shopper.buy("shirt")
    after = shopper.submit(page.form("/cancel/"))
    assert after.status == 200
    assert "This order was cancelled." in after.text
    assert state(seeded, page) == ("cancelled", "void", "stopped")
    assert not any(form.action.endswith("/cancel/") for form in after.forms)
    again = shopper.submit(page.form("/cancel/"))
    assert again.status == 409
    with seeded.database() as db:
        wait_until(
            lambda: db.execute(
                "SELECT 1 FROM guard.postbox WHERE purpose = 'order.cancelled' AND state = 'sent'"
            ).fetchone()
        )


def test_the_address_alone_cancels_nothing(seeded: Seeded) -> None:
    page = seeded.shopper().buy("shirt")
    stranger = Shopper(seeded.up.shop("north.localhost"))
    seen = stranger.get(page.url)
    assert seen.status == 200
    assert not any(form.action.endswith("/cancel/") for form in seen.forms)
    token = stranger.into_cart("shirt").form("/cart/set/").values["csrfmiddlewaretoken"]
    forged = Form(f"{page.url}cancel/", "post", {"csrfmiddlewaretoken": token})
    assert stranger.submit(forged).status == 404
    assert state(seeded, page) == ("placed", "authorised", "unshipped")


def test_what_has_left_cannot_be_cancelled(seeded: Seeded) -> None:
    shopper = seeded.shopper()
    page = shopper.buy("shirt")
    operator = seeded.operator()
    order = operator.get(f"{operator.shop}/s/north/orders/{number_of(page)}/")
    operator.submit(order.form("/ship/"), tracking_number=TRACKING)
    late = shopper.submit(page.form("/cancel/"))
    assert late.status == 409
    assert "can no longer be cancelled" in late.text
    assert state(seeded, page) == ("completed", "captured", "shipped")
