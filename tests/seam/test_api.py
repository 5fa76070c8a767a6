"""The personal-data API of a running instance: a key from the page, what a program gets by it."""

import re
import time
from typing import Any

import httpx
import pyotp
import pytest

from tests.seam.conftest import Operator, Seeded
from tests.seam.test_buyer import number_of
from tests.shopper import PERSON, Page

pytestmark = pytest.mark.slow


class Program:
    """Whoever has a key, by HTTP."""

    def __init__(self, seeded: Seeded, token: str) -> None:
        port = seeded.up.port + 1
        self.hosts = {slug: f"desk.{slug}.localhost:{port}" for slug in ("north", "south")}
        self.url, self.token = f"http://127.0.0.1:{port}/api/v1", token

    def ask(
        self, path: str, body: Any = None, *, slug: str = "north", method: str = ""
    ) -> httpx.Response:
        headers = {"Host": self.hosts[slug], "Authorization": f"Bearer {self.token}"}
        verb = method or ("GET" if body is None else "POST")
        return httpx.request(verb, f"{self.url}/{path}/", headers=headers, json=body, timeout=30)


@pytest.fixture(scope="module")
def owner(seeded: Seeded) -> Operator:
    return seeded.operator()


def make(seeded: Seeded, owner: Operator, **typed: Any) -> Page:
    """The page after a key was asked for; a used code is good once."""
    with seeded.database() as db:
        db.execute("UPDATE guard.credential SET used_step = 0 WHERE kind = 'totp'")
    page = owner.get(f"{owner.desk}/s/north/keys/")
    values = {
        "name": "三河倉庫", "ranges": "127.0.0.1/32", "sees": ["family_name", "street"],
        "ten": "3", "day": "10", "days": "30",
        "totp": pyotp.TOTP(seeded.world["totp"]).at(int(time.time())),
    }  # fmt: skip
    return owner.submit(page.form(having="ranges"), **{**values, **typed})


@pytest.fixture(scope="module")
def program(seeded: Seeded, owner: Operator) -> Program:
    page = make(seeded, owner)
    [token] = re.findall(r"lsk_[\w-]{43}", page.text)
    assert token not in owner.get(f"{owner.desk}/s/north/keys/").text
    return Program(seeded, token)


def test_a_program_reads_whom_to_send_to(seeded: Seeded, owner: Operator, program: Program) -> None:
    number = number_of(seeded.shopper().buy("shirt"))
    other = number_of(seeded.shopper("south").buy("shirt"))
    answer = program.ask("people", {"orders": [number, other, "250101-AAAAAA"]})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "Set-Cookie" not in answer.headers
    said = answer.json()
    [order] = said["orders"]
    assert order == {
        "number": number,
        "people": [
            {"no": 1, "fields": {key: PERSON[key] for key in ("family_name", "street")}}
        ],
    }  # fmt: skip
    assert said["refused"] == [other, "250101-AAAAAA"]
    assert len(said["ledger"]) == 1
    history = owner.get(f"{owner.desk}/s/north/orders/{number}/history/")
    assert "三河倉庫" in history.text
    state = program.ask("key").json()
    assert (state["name"], state["purpose"], state["fields"]) == (
        "三河倉庫", "api.ship", ["family_name", "street"]
    )  # fmt: skip
    assert state["budgets"][0] == {"seconds": 600, "most": 3, "used": 1}


def test_one_that_cannot_be_seen_takes_no_other_with_it(seeded: Seeded, program: Program) -> None:
    shopper = seeded.shopper()
    page = shopper.buy("shirt")
    gone, stays = number_of(page), number_of(seeded.shopper().buy("shirt"))
    assert shopper.submit(page.form("/cancel/")).status == 200
    said = program.ask("people", {"orders": [gone, stays]}).json()
    assert ([each["number"] for each in said["orders"]], said["refused"]) == ([stays], [gone])


@pytest.mark.parametrize(
    "body", [{}, [], {"orders": []}, {"orders": "x"}, {"orders": [1]}, {"orders": ["x"] * 101}]
)
def test_what_is_no_question_is_said(program: Program, body: Any) -> None:
    answer = program.ask("people", body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid"


def test_no_key_no_answer(seeded: Seeded, program: Program) -> None:
    for token in ("lsk_" + "x" * 43, "x"):
        answer = Program(seeded, token).ask("people", {"orders": ["250101-AAAAAA"]})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert program.ask("key", slug="south").status_code == 401  # a key of another shop
    assert program.ask("key", method="PUT").status_code == 405
    assert program.ask("people").status_code == 405
    with httpx.Client() as shop:  # the shop's own process has no such address
        answer = shop.get(
            f"http://127.0.0.1:{seeded.up.port}/api/v1/key/",
            headers={"Host": f"north.localhost:{seeded.up.port}"},
        )
    assert answer.status_code == 404


def test_a_budget_and_an_end(seeded: Seeded, owner: Operator, program: Program) -> None:
    numbers = [number_of(seeded.shopper().buy("shirt")) for _each in range(3)]
    answer = program.ask("people", {"orders": numbers})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert answer.json()["code"] == "budget"
    page = owner.get(f"{owner.desk}/s/north/keys/")
    [key_id] = re.findall(r'name="end" value="([0-9a-f-]{36})"', page.text)
    owner.submit(page.form(having="csrfmiddlewaretoken"), end=key_id)
    assert program.ask("key").status_code == 401


def test_what_is_typed_wrongly_is_said(seeded: Seeded, owner: Operator) -> None:
    wide = make(seeded, owner, ranges="0.0.0.0/0")
    assert wide.status == 422
    assert "/20 or smaller" in wide.text
    empty = make(seeded, owner, sees=[])
    assert empty.status == 422
    unproven = make(seeded, owner, totp="000000")
    assert unproven.status == 422
    assert "did not prove" in unproven.text
    assert "lsk_" not in wide.text + empty.text + unproven.text
    clerk = seeded.operator(role="orders")
    assert clerk.get(f"{clerk.desk}/s/north/keys/").status == 403
