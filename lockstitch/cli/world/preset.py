"""The figures of `shared/seed/facts.md`: 43 companies, 53 sites, 314 operators, 980,000 members on
42 sites of 40 companies, 15,581 orders of 10,946 people at one of them."""

from dataclasses import dataclass
from datetime import datetime

from lockstitch.kernel.clock import JST

COMPANIES, SITES, OPERATORS, MEMBERS = 43, 53, 314, 980_000
SITES_WITH_MEMBERS, COMPANIES_WITH_MEMBERS, SITES_WITH_PAYMENT = 42, 40, 26
ORDERS, BUYERS = 15_581, 10_946
FIRST_ORDER = datetime(2015, 8, 22, 15, 0, tzinfo=JST)
LAST_ORDER = datetime(2016, 4, 18, 16, 38, tzinfo=JST)
COORDINATES = "coordinates"  # the magazine's shop that was built around outfits


@dataclass(frozen=True)
class SitePlan:
    """A site of the world: the company's number, members, operators and orders."""

    slug: str
    company: int
    members: int
    operators: int
    orders: int
    buyers: int
    has_payment: bool


def plan(scale: float = 1.0) -> list[SitePlan]:
    """Every site; sizes fall as 1/rank, as sizes of shops do. `scale` shrinks what can be shrunk:
    members, orders and buyers, never below one."""
    owners = _owners()
    shares = [1 / rank for rank in range(1, SITES_WITH_MEMBERS + 1)]
    members = _split(max(round(MEMBERS * scale), SITES_WITH_MEMBERS), shares)
    operators = _split(OPERATORS, [1.0] * SITES)
    return [
        SitePlan(
            slug=COORDINATES if number == 0 else f"shop-{number + 1:02}", company=owners[number],
            members=members[number] if number < SITES_WITH_MEMBERS else 0,
            operators=operators[number],
            orders=max(round(ORDERS * scale), 1) if number == 0 else 0,
            buyers=max(round(BUYERS * scale), 1) if number == 0 else 0,
            has_payment=number < SITES_WITH_PAYMENT,
        )
        for number in range(SITES)
    ]  # fmt: skip


def _owners() -> list[int]:
    """Company by site: 40 companies have the 42 sites with members, three more the other eleven."""
    with_members = [
        *range(COMPANIES_WITH_MEMBERS), *range(SITES_WITH_MEMBERS - COMPANIES_WITH_MEMBERS)
    ]  # fmt: skip
    others = [
        COMPANIES_WITH_MEMBERS + number % (COMPANIES - COMPANIES_WITH_MEMBERS)
        for number in range(SITES - SITES_WITH_MEMBERS)
    ]
    return with_members + others


def _split(total: int, shares: list[float]) -> list[int]:
    """Whole numbers in these proportions, each at least one, that add up to `total`."""
    free, whole = total - len(shares), sum(shares)
    parts = [1 + int(free * share / whole) for share in shares]
    for number in range(total - sum(parts)):
        parts[number % len(parts)] += 1
    return parts


def buyer_of(order: int, orders: int, buyers: int) -> int:
    """Whose order it is: each buyer has one, and the rest goes round among the first."""
    return order if order < buyers else (order * 7919) % buyers


def placed_at(order: int, orders: int) -> datetime:
    """Even over the eight months; the last one at the last minute of the notice."""
    if orders == 1:
        return LAST_ORDER
    return FIRST_ORDER + (LAST_ORDER - FIRST_ORDER) * (order / (orders - 1))
