"""A program's key: one purpose, some fields, its own networks and budget, and on the record."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from guard.client import GuardRefused
from guard.wire import (
    ApiKeyRow,
    ApiKeySpec,
    ApproveSecond,
    Ask,
    Contain,
    EndApiKey,
    GetSeconds,
    ListApiKeys,
    MakeApiKey,
    MyKey,
    Proof,
    Prove,
    Reveal,
    SetSecond,
    WhoSaw,
)
from tests.guard.conftest import PERSON, Guard, Site, eventually
from tests.guard.test_exports import HERE, THERE, Worker, _later

WAREHOUSE, ELSEWHERE = "198.51.100.20", "192.0.2.66"
LABEL = ["family_name", "given_name", "phone", "postal_code", "street"]
ORDERS = """
CREATE TABLE IF NOT EXISTS public.orders_order (id uuid PRIMARY KEY DEFAULT uuidv7(), site_id uuid,
    record_id uuid, status text, payment text, fulfilment text, on_hold boolean DEFAULT false,
    placed_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS public.orders_destination (site_id uuid, order_id uuid, record_id uuid);
GRANT SELECT ON public.orders_order, public.orders_destination TO ls_guard
"""


@pytest.fixture(autouse=True)
def orders(guard: Guard) -> Iterator[None]:
    """What the guard reads of the shop's orders: it stands alone here."""
    guard.sql(ORDERS)
    guard.sql("DELETE FROM guard.throttle")
    yield
    guard.sql("DROP TABLE public.orders_order, public.orders_destination")


def order(guard: Guard, site: Site, *, to: dict[str, str] | None = None, **state: Any) -> UUID:
    """The sealed record of an order's buyer; `to` is another person whom it goes to."""
    record_id = guard.deposit(site)
    row = {"status": "placed", "payment": "authorised", "fulfilment": "unshipped", **state}
    [made] = guard.sql(
        "INSERT INTO public.orders_order (site_id, record_id, status, payment, fulfilment, on_hold)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        [site.site_id, record_id, row["status"], row["payment"], row["fulfilment"],
         row.get("on_hold", False)],
    )  # fmt: skip
    if to is None:
        return record_id
    other = guard.deposit(site, to)
    guard.sql(
        "INSERT INTO public.orders_destination VALUES (%s, %s, %s)",
        [site.site_id, made["id"], other],
    )
    return other


def spec(**changed: Any) -> ApiKeySpec:
    wanted = {
        "name": "三河倉庫 WMS", "purpose": "api.ship", "fields": LABEL,
        "ranges": ["198.51.100.16/28"], "in_ten_minutes": 5, "in_a_day": 8, "days": 90,
    }  # fmt: skip
    return ApiKeySpec(**{**wanted, **changed})


class Program:
    """Whoever has the key, somewhere."""

    def __init__(self, guard: Guard, token: str) -> None:
        self.guard, self.token = guard, token

    def ask[R](self, ask: Ask[R], address: str = WAREHOUSE) -> R:
        return self.guard.desk.call(ask, session=self.token, address=address)

    def refused(self, ask: Ask[Any], address: str = WAREHOUSE) -> str:
        with pytest.raises(GuardRefused) as caught:
            self.ask(ask, address)
        return caught.value.code

    def see(self, *ids: UUID, fields: list[str] = LABEL, purpose: str = "api.ship") -> Reveal:
        return Reveal(record_ids=list(ids), fields=fields, purpose=purpose)


@pytest.fixture
def owner(guard: Guard, site: Site) -> Worker:
    return Worker(guard, site, "owner", HERE, False)


def asking(owner: Worker, site: Site, made: ApiKeySpec | None = None) -> MakeApiKey:
    return MakeApiKey(
        site_id=site.site_id, spec=made or spec(), proof=Proof(totp=_later(owner.guard, owner))
    )


def program(guard: Guard, owner: Worker, site: Site, **changed: Any) -> Program:
    return Program(guard, owner.ask(asking(owner, site, spec(**changed))).token)


def listed(owner: Worker, site: Site) -> list[ApiKeyRow]:
    return owner.ask(ListApiKeys(site_id=site.site_id)).keys


def alerts(guard: Guard, site: Site, rule: str) -> list[dict[str, Any]]:
    return guard.sql(
        "SELECT * FROM guard.alert WHERE rule = %s AND site_id = %s", [rule, site.site_id]
    )


def test_a_warehouse_reads_whom_to_send_to(guard: Guard, site: Site, owner: Worker) -> None:
    warehouse = program(guard, owner, site)
    present = {**PERSON, "family_name": "海野"}
    ids = [order(guard, site), order(guard, site, to=present)]
    shown = warehouse.ask(warehouse.see(*ids))
    assert [each.fields["family_name"] for each in shown.records] == ["山田", "海野"]
    assert set(shown.records[0].fields) == set(LABEL)

    state = warehouse.ask(MyKey())
    assert (state.name, state.purpose, state.fields) == ("三河倉庫 WMS", "api.ship", LABEL)
    assert [(each.seconds, each.most, each.used) for each in state.budgets] == [
        (600, 5, 2), (86_400, 8, 2)
    ]  # fmt: skip
    [row] = listed(owner, site)
    assert (row.live, row.used_today, row.made_by) == (True, 2, "owner-op")
    [entry] = [e for e in guard.entries("reveal") if e["seq"] == shown.seq]
    assert (entry["principal_kind"], entry["principal_id"], entry["purpose"], entry["fields"]) == (
        "key", str(row.key_id), "api.ship", LABEL
    )  # fmt: skip
    [seen] = owner.ask(WhoSaw(record_id=ids[0], site_id=site.site_id)).disclosures
    assert (seen.handle, seen.address) == ("三河倉庫 WMS", WAREHOUSE)
    assert eventually(lambda: alerts(guard, site, "key.made"))


@pytest.mark.parametrize(
    "state",
    [
        {"fulfilment": "shipped", "payment": "captured", "status": "completed"},
        {"payment": "awaiting"}, {"status": "cancelled", "fulfilment": "stopped"},
        {"on_hold": True},
    ],
)  # fmt: skip
def test_an_order_that_is_not_to_be_sent_is_nobodys(
    guard: Guard, site: Site, owner: Worker, state: dict[str, Any]
) -> None:
    warehouse = program(guard, owner, site)
    sent, still = order(guard, site, **state), order(guard, site)
    assert warehouse.refused(warehouse.see(still, sent)) == "not_found"
    assert warehouse.ask(warehouse.see(still)).records


def test_nothing_but_what_the_key_is_for(guard: Guard, site: Site, owner: Worker) -> None:
    warehouse = program(guard, owner, site)
    mine = order(guard, site)
    for asked in (
        warehouse.see(mine, fields=["email"]),
        warehouse.see(mine, fields=["building"]),  # might have been, and is not
        warehouse.see(mine, purpose="api.support"),
        warehouse.see(mine, purpose="order.ship"),
    ):
        assert warehouse.refused(asked) == "forbidden"
    loose = guard.deposit(site)  # of no order
    assert warehouse.refused(warehouse.see(loose)) == "not_found"
    neighbour = guard.site(site.company_id)
    assert warehouse.refused(warehouse.see(order(guard, neighbour))) == "not_found"
    proof = Prove(record_ids=[mine], fields=LABEL, purpose="api.ship", totp="000000")
    for ask in (proof, ListApiKeys(site_id=site.site_id), WhoSaw(record_id=mine)):
        assert warehouse.refused(ask) == "forbidden"
    assert eventually(lambda: alerts(guard, site, "key.astray"))
    assert warehouse.ask(warehouse.see(mine)).records


def test_support_sees_no_address_and_nothing_old(guard: Guard, site: Site, owner: Worker) -> None:
    centre = program(guard, owner, site, purpose="api.support", fields=["email", "family_name"])
    late, gift = (
        order(guard, site, status="completed", fulfilment="shipped", payment="captured"),
        (order(guard, site, to=PERSON)),
    )
    see = {"fields": ["email"], "purpose": "api.support"}
    assert centre.ask(centre.see(late, **see)).records
    assert centre.refused(centre.see(gift, **see)) == "not_found"  # not the buyer
    guard.sql("UPDATE public.orders_order SET placed_at = now() - interval '91 days'")
    assert centre.refused(centre.see(late, **see)) == "not_found"
    wrong = asking(owner, site, spec(purpose="api.support", fields=["street"]))
    assert owner.refused(wrong) == "invalid"


def test_from_elsewhere_it_is_stolen(guard: Guard, site: Site, owner: Worker) -> None:
    warehouse = program(guard, owner, site)
    mine = order(guard, site)
    assert warehouse.refused(warehouse.see(mine), ELSEWHERE) == "address"
    [alert] = eventually(lambda: alerts(guard, site, "key.elsewhere"))
    assert (alert["severity"], alert["action"]) == ("critical", "sessions")
    assert warehouse.refused(warehouse.see(mine)) == "session"
    assert not listed(owner, site)[0].live
    told = [e["outcome"] for e in guard.entries("reveal") if mine in e["records"]]
    assert told == ["refused:session"]


def test_the_budget_is_exact_and_nothing_widens_it(guard: Guard, site: Site, owner: Worker) -> None:
    warehouse = program(guard, owner, site)
    ids = [order(guard, site) for _each in range(12)]

    def look(record_id: UUID) -> str:
        try:
            warehouse.ask(warehouse.see(record_id))
        except GuardRefused as refused:
            return refused.code
        return "shown"

    with ThreadPoolExecutor(12) as crowd:
        seen = list(crowd.map(look, ids))
    assert sorted(seen) == ["budget"] * 7 + ["shown"] * 5
    first = ids[seen.index("shown")]
    assert warehouse.ask(warehouse.see(first)).records  # again is not one more
    assert eventually(lambda: alerts(guard, site, "budget.full"))
    assert warehouse.ask(MyKey()).budgets[0].used == 5


def test_it_ends_at_once(guard: Guard, site: Site, owner: Worker) -> None:
    gone, held, stays = (program(guard, owner, site, name=f"{n}") for n in range(3))
    mine = order(guard, site)
    rows = {row.name: row for row in listed(owner, site)}
    owner.ask(EndApiKey(key_id=rows["0"].key_id))
    assert gone.refused(MyKey()) == "session"
    guard.cli.call(Contain(action="freeze", principal_id=rows["1"].key_id))
    assert held.refused(held.see(mine)) == "frozen"
    guard.cli.call(Contain(action="freeze", site_id=site.site_id))
    assert stays.refused(stays.see(mine)) == "frozen"
    guard.cli.call(Contain(action="thaw", site_id=site.site_id))
    guard.cli.call(Contain(action="sessions", site_id=site.site_id))
    assert stays.ask(stays.see(mine)).records  # people sign in again; a key could not
    guard.cli.call(Contain(action="credentials", site_id=site.site_id))
    assert stays.refused(MyKey()) == "session"
    assert held.refused(MyKey()) == "session"


def test_it_expires(guard: Guard, site: Site, owner: Worker) -> None:
    warehouse = program(guard, owner, site)
    guard.sql(
        "UPDATE guard.session SET expires_at = now() WHERE principal_id = %s",
        [listed(owner, site)[0].key_id],
    )
    assert warehouse.refused(MyKey()) == "session"


def test_who_may_make_one_and_of_what_kind(guard: Guard, site: Site, owner: Worker) -> None:
    clerk = Worker(guard, site, "orders", HERE, False)
    assert clerk.refused(asking(clerk, site)) == "forbidden"
    unproven = MakeApiKey(site_id=site.site_id, spec=spec(), proof=Proof(totp="000000"))
    assert owner.refused(unproven) == "credentials"
    for wrong in (
        spec(name=" "), spec(fields=[]), spec(fields=["bank_account"]), spec(ranges=[]),
        spec(ranges=["0.0.0.0/0"]), spec(ranges=["198.51.0.0/16"]), spec(ranges=["2001:db8::/32"]),
        spec(ranges=["here"]), spec(in_ten_minutes=9), spec(in_ten_minutes=0),
        spec(in_ten_minutes=501, in_a_day=600), spec(in_a_day=5_001), spec(days=367), spec(days=0),
    ):  # fmt: skip
        ask = MakeApiKey(site_id=site.site_id, spec=wrong, proof=Proof())
        assert owner.refused(ask) == "invalid"
    neighbour = guard.site()
    assert owner.refused(asking(owner, neighbour)) == "not_found"
    assert listed(owner, site) == []


def test_two_persons_where_a_shop_wants_them(guard: Guard, site: Site, owner: Worker) -> None:
    other = Worker(guard, site, "owner", THERE, False)
    owner.ask(SetSecond(site_id=site.site_id, wanted=True))
    assert owner.ask(asking(owner, site)).token == ""
    assert listed(owner, site) == []
    [row] = other.ask(GetSeconds(site_id=site.site_id)).waiting
    assert (row.deed, row.name, row.last4) == ("api.key", "三河倉庫 WMS", "")
    approve = ApproveSecond(second_id=row.second_id, proof=other.code())
    done = other.ask(approve)
    assert other.ask(approve).token == ""  # shown once
    [kept] = listed(owner, site)
    assert kept.made_by == "owner-op"
    warehouse = Program(guard, done.token)
    assert warehouse.ask(warehouse.see(order(guard, site))).records
    [entry] = [e for e in guard.entries("key.make") if e["site_id"] == site.site_id]
    assert entry["principal_id"] == str(other.me.principal_id)
