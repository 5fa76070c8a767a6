"""Orders with a mark in every personal field, then a search for the marks in all that
the shop, the desk and the worker can read, write or remember; and the ledger's own account."""

import json
import os
import random
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from psycopg import sql

from tests.instance import call, processes, wait_until
from tests.seam.conftest import Seeded
from tests.shopper import PERSON

pytestmark = pytest.mark.slow

ORDERS, SHOPPERS = int(os.environ.get("LOCKSTITCH_ORDERS", "60")), 4
LATIN, KANA, PHONE = "Zqxj", "ヲヱヰヌヴ", "0907719"  # each mark begins with one of these
POSTCODE = "9071801"
LETTERS = "アイウエオカキクケコ"
FIELDS = [
    "family_name", "given_name", "family_kana", "given_kana", "email", "phone", "postal_code",
    "prefecture", "city", "street", "building", "note",
]  # fmt: skip


HIDDEN: dict[str, set[str]] = {  # what a purpose has no use for
    "order.ship": {"email"}, "order.check": set(),
    "order.support": {"postal_code", "prefecture", "city", "street", "building"},
}  # fmt: skip


def person(number: int) -> dict[str, str]:
    """Somebody whose every field can be found again; only the prefecture is a known word."""
    kana = KANA + "".join(LETTERS[int(digit)] for digit in f"{number:04d}")
    names = {
        name: f"{LATIN}{name.replace('_', '')}{number:04d}"
        for name in ("family_name", "given_name", "city", "street", "building", "note")
    }
    return PERSON | names | {
        "family_kana": kana, "given_kana": kana, "email": f"{LATIN}{number:04d}@example.jp",
        "phone": f"{PHONE}{number:04d}", "postal_code": POSTCODE, "prefecture": "沖縄県",
    }  # fmt: skip


def encoded(text: str) -> list[bytes]:
    """The ways in which a program, a log or a queue may write it down."""
    plain = text.encode()
    return [
        plain, plain.hex().encode(), text.encode("utf-16-le"), text.encode("utf-32-le"),
        json.dumps(text).strip('"').encode(), plain.replace(b" ", b"%20"),
        b"".join(b"%%%02X" % byte for byte in plain),
    ]  # fmt: skip


MARKS = {
    way
    for text in (LATIN, LATIN.lower(), LATIN.upper(), KANA, PHONE, PHONE[1:], POSTCODE)
    for way in encoded(text)
}


def found_in(data: bytes) -> set[bytes]:
    return {data[data.find(mark) :][:40] for mark in MARKS if mark in data}


@dataclass
class Placed:
    """Order numbers of the persons 0, 1, 2 …, and the work queue as it was before any was done."""

    numbers: list[str]
    queue: str


@pytest.fixture(scope="module")
def placed(seeded: Seeded) -> Placed:
    made: dict[int, str] = {}
    (worker,) = of_surface(seeded, "worker")
    os.kill(worker, signal.SIGSTOP)

    def buy(own: range) -> None:
        for number in own:
            method = "bank" if number % 3 == 0 else "cod"
            page = seeded.shopper().buy("shirt", person=person(number), method=method)
            match = re.search(r"\d{6}-[0-9A-Z]{6}", page.text)
            assert match
            made[number] = match.group()

    crowd = [
        threading.Thread(target=buy, args=(range(first, ORDERS, SHOPPERS),))
        for first in range(SHOPPERS)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(set(made.values())) == ORDERS
    with seeded.database() as db:
        jobs = db.execute(
            "SELECT to_jsonb(j)::text FROM procrastinate_jobs j WHERE NOT EXISTS"
            " (SELECT FROM procrastinate_periodic_defers d WHERE d.job_id = j.id)"
        ).fetchall()
        assert len(jobs) == ORDERS  # the clock's own may have come between
        os.kill(worker, signal.SIGCONT)
        wait_until(lambda: _count(db, "guard.postbox WHERE state = 'sent'") == ORDERS, 60)
    queue = "\n".join(job for (job,) in jobs)
    return Placed([made[number] for number in range(ORDERS)], queue)


@pytest.fixture
def numbers(placed: Placed) -> list[str]:
    return placed.numbers


def _count(db: Any, rest: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {rest}").fetchone()[0])


def test_the_guard_has_them_all(seeded: Seeded, numbers: list[str]) -> None:
    """The control: the marks did come in, and the guard can give them back."""
    mailbox = b"".join(
        path.read_bytes() for path in (seeded.up.data / "guard" / "mailbox").rglob("*")
        if path.is_file()
    )  # fmt: skip
    assert len(set(re.findall(rb"To: Zqxj(\d{4})@", mailbox))) == ORDERS


@pytest.mark.parametrize("role", ["ls_shop", "ls_desk", "ls_worker"])
def test_nothing_that_a_role_can_select(seeded: Seeded, numbers: list[str], role: str) -> None:
    seen = 0
    with seeded.database(role) as db:
        for schema, table in readable(db):
            rows = db.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(schema, table))
            ).fetchall()
            seen += len(rows)
            text = "\n".join(row for (row,) in rows).encode()
            assert found_in(text) == set(), f"{schema}.{table}"
    assert seen > ORDERS


def readable(db: Any) -> list[tuple[str, str]]:
    return db.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%'"
        " AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')"
    ).fetchall()


def test_nothing_in_queues_and_sessions(seeded: Seeded, placed: Placed) -> None:
    """As the superuser: the mail queue, the work queue, and sessions as Django reads them."""
    assert found_in(placed.queue.encode()) == set()
    with seeded.database() as db:
        letters = db.execute("SELECT to_jsonb(p)::text FROM guard.postbox p").fetchall()
        assert len(letters) == ORDERS
        assert found_in("\n".join(letter for (letter,) in letters).encode()) == set()
        key = (seeded.up.data / "keys" / "shop").read_text().strip()
        for (kept,) in db.execute("SELECT session_data FROM django_session").fetchall():
            told = signing.loads(kept, key=key, salt="django.contrib.sessions.SessionStore")
            assert found_in(json.dumps(told, ensure_ascii=False).encode()) == set()


def files(data: Path) -> Iterator[Path]:
    """Everything in the data folder but the mails themselves; the database's raw files too."""
    for path in data.rglob("*"):
        if path.is_file() and "mailbox" not in path.parts:
            yield path


def test_nothing_in_any_file(seeded: Seeded, numbers: list[str]) -> None:
    """Logs, media, keys, and the pages and write-ahead log of the database itself."""
    with seeded.database() as db:
        db.execute("CHECKPOINT")
    looked_at = 0
    for path in [*files(seeded.up.data), seeded.up.output]:
        data = path.read_bytes()
        looked_at += len(data)
        assert found_in(data) == set(), path
    assert looked_at > 10_000_000
    assert list((seeded.up.data / "logs").glob("*.log"))


def memory(pid: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            first, last = (int(end, 16) for end in span.split("-"))
            file.seek(first)
            try:
                yield file.read(last - first)
            except OSError:
                continue  # a guard page


def of_surface(seeded: Seeded, surface: str) -> list[int]:
    name = f"SURFACE={surface}\0".encode()
    return [
        pid for pid in processes(seeded.up.data)
        if name in Path(f"/proc/{pid}/environ").read_bytes()
    ]  # fmt: skip


def test_nothing_in_the_shops_memory(seeded: Seeded, numbers: list[str]) -> None:
    shop = [found_in(part) for pid in of_surface(seeded, "shop") for part in memory(pid)]
    assert shop
    assert set().union(*shop) == set()
    worker = [found_in(part) for pid in of_surface(seeded, "worker") for part in memory(pid)]
    assert set().union(*worker) == set()
    # The control: this way of looking does find what is there.
    desk = [found_in(part) for pid in of_surface(seeded, "desk") for part in memory(pid)]
    assert set().union(*desk) != set()


def who_saw(seeded: Seeded, *question: str) -> list[dict[str, Any]]:
    done = call(seeded.up.data, "ledger", "who-saw", "--json", *question)
    assert done.returncode == 0, done.stderr
    entries: list[dict[str, Any]] = json.loads(done.stdout)
    return entries


def test_who_saw_names_exactly_the_reveals_made(seeded: Seeded, numbers: list[str]) -> None:
    operator = seeded.operator()
    chosen = random.sample(range(ORDERS), 12)
    purposes = ["order.ship", "order.support", "order.check"]
    made = [(numbers[who], random.choice(purposes)) for who in chosen for _ in range(2)]
    for number, purpose in made:
        page = operator.reveal(number, purpose)
        buyer = person(numbers.index(number))
        assert buyer["family_name"] in page.text
        assert (buyer["street"] in page.text) == (purpose != "order.support")
        assert (buyer["email"] in page.text) == (purpose != "order.ship")
    with seeded.database() as db:
        (mine,) = db.execute(
            "SELECT id FROM access_operator WHERE handle = 'north-owner'"
        ).fetchone()  # type: ignore[misc]
        records = dict(db.execute("SELECT number, record_id::text FROM orders_order").fetchall())
    told = who_saw(seeded, "--operator", str(mine))
    assert [(entry["record_ids"], entry["purpose"], entry["fields"]) for entry in told] == [
        ([records[number]], purpose, [name for name in FIELDS if name not in HIDDEN[purpose]])
        for number, purpose in made
    ]
    for number in numbers[:40]:
        entries = who_saw(seeded, "--site", "north", "--order", number)
        own = [purpose for revealed, purpose in made if revealed == number]
        assert [entry["purpose"] for entry in entries] == ["order.placed", *own]
        assert [entry["verb"] for entry in entries] == ["deliver", *["reveal" for _ in own]]


def test_another_shops_operator_sees_nobody(seeded: Seeded, numbers: list[str]) -> None:
    stranger = seeded.operator("south")
    page = stranger.get(f"{seeded.up.desk()}/s/north/orders/{numbers[0]}/reveal/")
    assert page.status == 404
    readonly = seeded.operator("north", "readonly")
    page = readonly.reveal(numbers[0])
    assert page.status == 403
    assert found_in(page.text.encode()) == set()


def test_the_ledger_verifies(seeded: Seeded, numbers: list[str]) -> None:
    done = call(seeded.up.data, "ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
