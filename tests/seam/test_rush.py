"""Thirty-two buyers in front of the last five pieces, through the real shop."""

import threading

import pytest

from tests.seam.conftest import Seeded
from tests.shopper import Page

pytestmark = pytest.mark.slow

BUYERS, PIECES = 32, 5


def test_five_pieces_make_five_orders(seeded: Seeded) -> None:
    ready = []
    for _ in range(BUYERS):
        shopper = seeded.shopper()
        desk = shopper.to_desk(shopper.into_cart("few"))
        ready.append((shopper, shopper.choose(shopper.give_contact(desk))))
    start = threading.Barrier(BUYERS)
    answers: list[Page] = []

    def place(number: int) -> None:
        shopper, confirm = ready[number]
        start.wait(30)
        answers.append(shopper.place(confirm))

    crowd = [threading.Thread(target=place, args=(number,)) for number in range(BUYERS)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    placed = [page for page in answers if page.status == 200 and "/orders/" in page.url]
    refused = [page for page in answers if page.status == 409]
    assert (len(placed), len(refused)) == (PIECES, BUYERS - PIECES)
    with seeded.database() as db:
        assert db.execute(
            "SELECT on_hand, allocated FROM inventory_stock WHERE sku_id = %s",
            [seeded.world["sites"]["north"]["few"]],
        ).fetchone() == (PIECES, PIECES)
        (orders,) = db.execute("SELECT count(*) FROM orders_order").fetchone()  # type: ignore[misc]
        assert orders == PIECES
