"""A day in the warehouse, over HTTP: from placed orders to labels, slips, numbers and mails."""

import csv
import io
import re
from collections.abc import Iterator

import pytest

from lockstitch.fulfilment.labels.yamato import COLUMNS
from tests.instance import wait_until
from tests.seam.conftest import Operator, Seeded
from tests.seam.conftest import seeded as seeded
from tests.shopper import PERSON, Page
from tests.world_parcels import tracking

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def operator(seeded: Seeded) -> Iterator[Operator]:
    worker = seeded.operator()
    yield worker
    worker.close()


def at(operator: Operator, path: str) -> Page:
    page = operator.get(f"{operator.shop}/s/north/{path}")
    assert page.status == 200, (path, page.status)
    return page


def test_from_order_to_parcel(seeded: Seeded, operator: Operator) -> None:
    seeded.shopper().buy("shirt", quantity=2)
    seeded.shopper().buy("shirt", which=1)
    kept = operator.keep_sender(transit="沖縄県, 4")
    assert kept.status == 200, kept.text
    page = at(operator, "shipping/")
    numbers = sorted(set(re.findall(r'name="order" value="([0-9A-Z-]+)"', page.text)))
    assert len(numbers) == 2
    batch = operator.submit(page.form("/plan/"), order=numbers, carrier="yamato")
    assert batch.status == 200, batch.text
    assert operator.get(batch.url + "picking/").status == 200

    desk = operator.get(f"{operator.desk}/s/north/batches/{batch.url.split('/')[-2]}/labels/")
    assert PERSON["family_name"] not in batch.text + desk.text
    file = operator.submit(desk.form("/labels/"))
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert list(rows[0]) == list(COLUMNS)
    assert {row["お届け先名"] for row in rows} == {
        f"{PERSON['family_name']} {PERSON['given_name']}"
    }
    assert {row["送り状種類"] for row in rows} == {"2"}
    slips = operator.get(f"{operator.desk}/s/north/batches/{batch.url.split('/')[-2]}/slips/")
    assert operator.submit(slips.form("/slips/")).status == 200

    order = at(operator, f"shipping/orders/{numbers[0]}/")
    assert "Label made" in order.text
    bad = operator.submit(order.form(having="tracking_number"), tracking_number="12345")
    assert bad.status == 422

    back = "お客様管理番号,伝票番号\r\n" + "".join(
        f"{row['お客様管理番号']},{tracking()}\r\n" for row in rows
    )
    page = at(operator, "shipping/")
    files = {"file": ("b2.csv", back.encode("cp932"))}
    read = operator.submit(page.form("/numbers/"), files=files)
    assert "2 taken in" in read.text, read.text
    assert "2 known already" in operator.submit(page.form("/numbers/"), files=files).text
    with seeded.database() as db:
        states = db.execute("SELECT fulfilment, payment FROM orders_order").fetchall()
        assert states == [("shipped", "captured")] * 2
        wait_until(lambda: _letters(db) == 2, 60)
        seen = db.execute("SELECT entry FROM guard.ledger").fetchall()
        assert sum(b"order.label" in bytes(row[0]) for row in seen) == 1

    papers = operator.get(f"{operator.desk}/s/north/orders/{numbers[0]}/papers/")
    assert operator.submit(papers.form("/papers/"), ("kind", "receipt")).status == 200
    again = operator.get(f"{operator.desk}/s/north/orders/{numbers[0]}/papers/")
    assert "(copy)" in again.text
    assert operator.submit(papers.form("/papers/"), ("kind", "credit")).status == 422


def _letters(db) -> int:
    (count,) = db.execute(
        "SELECT count(*) FROM guard.postbox WHERE purpose = 'order.shipped' AND state = 'sent'"
    ).fetchone()
    return int(count)


def test_who_may_not_see_people_gets_no_label(seeded: Seeded) -> None:
    readonly = seeded.operator("north", "readonly")
    with seeded.database() as db:
        (batch,) = db.execute("SELECT id FROM fulfilment_labelbatch").fetchone()
    page = readonly.get(f"{readonly.desk}/s/north/batches/{batch}/labels/")
    assert page.status == 403
    assert not any(form.action.endswith("/labels/") for form in page.forms)


def test_the_stock_room(seeded: Seeded, operator: Operator) -> None:
    page = at(operator, "stock/places/")
    placed = operator.submit(
        page.form(having="code"), code="ginza", name_ja="銀座店", kind="store", position="2",
        buffer="1", pickup="on", pickup_days="7", sells_online="on",
    )  # fmt: skip
    assert "銀座店" in placed.text
    page = at(operator, "stock/sheets/")
    sheet = operator.submit(
        page.form(having="pieces"), kind="transfer", location="ginza", source="main",
        pieces="shirt-white-S, 5\nnothing, 2",
    )  # fmt: skip
    assert sheet.status == 422
    sheet = operator.submit(
        page.form(having="pieces"), kind="transfer", location="ginza", source="main",
        pieces="shirt-white-S, 5",
    )  # fmt: skip
    assert sheet.status == 200, sheet.text
    sent = operator.submit(sheet.form("/step/"), ("step", "send"))
    found = next(name for name in sent.form("/step/").values if name.startswith("found-"))
    done = operator.submit(sent.form("/step/"), ("step", "post"), **{found: "4"})
    assert "Posted" in done.text
    page = at(operator, "stock/sku/shirt-white-S/")
    assert "Sent to another location" in page.text
    form = page.form("/adjust/")
    changed = operator.submit(form, difference="2", why="found", shelf="A-01")
    assert "A-01" in changed.text
    assert operator.submit(form, difference="2", why="found").status == 200  # the same form again
    with seeded.database() as db:
        rows = db.execute(
            "SELECT sum(on_hand_delta) FROM inventory_movement WHERE note = 'found'"
        ).fetchone()
    assert rows == (2,)
    file = at(operator, "stock/file/")
    assert "shirt-white-S,ginza,4" in file.text
    page = at(operator, "stock/")
    files = {"file": ("in.csv", b"sku,location,quantity,mode\nshirt-white-S,ginza,9,absolute\n")}
    taken = operator.submit(page.form("/file/in/"), files=files)
    assert "1 figures changed" in taken.text, taken.text
    page = at(operator, "shipping/check/")
    wrong = operator.submit(page.form(having="codes"), reference="261201-NOBODY-1", codes="x")
    assert "no such parcel" in wrong.text
