"""A list attack (S17): pairs from elsewhere, each tried once, from many addresses. LOCKSTITCH_PAIRS
says how many; a tenth are right, as in 2016."""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from guard.client import GuardClient, GuardRefused
from guard.storm import FAILED_MIN, REFRESH_SECONDS, is_storm, neighbourhood
from guard.wire import ImportMembers, MemberRow, SeedPrincipal, SignInMember
from tests.guard.conftest import PASSWORD, Guard, Site, unsealed

PAIRS = int(os.environ.get("LOCKSTITCH_PAIRS", "3000"))
ADDRESSES = 1_000 if PAIRS >= 10_000 else PAIRS // 10
RIGHT_ONE_IN = 9  # 11 %
ORDINARY = 40
AT_ONCE = 200  # in one import


def members(guard: Guard, site: Site, emails: list[str]) -> None:
    """Imported without a password; then all get one seeded member's hash, to hash only once: as it
    was kept before there were peppers."""
    seeded = SeedPrincipal(
        kind="member", email="seed@example.jp", password=PASSWORD, site_id=site.site_id
    )
    seed_id = guard.cli.call(seeded).principal_id
    for first in range(0, len(emails), AT_ONCE):
        rows = [MemberRow(email=email) for email in emails[first : first + AT_ONCE]]
        guard.cli.call(ImportMembers(site_id=site.site_id, members=rows))
    guard.sql(
        "INSERT INTO guard.credential (principal_id, kind, value)"
        " SELECT principal_id, 'password', %s FROM guard.principal"
        " WHERE site_id = %s AND principal_id <> %s",
        [unsealed(guard, seed_id), site.site_id, seed_id],
    )


def address(number: int) -> str:
    """Each in a neighbourhood of its own, as a botnet's are."""
    return f"11.{number // 250}.{number % 250}.9"


def sign_in(client: GuardClient, site: Site, email: str, password: str, **who: Any) -> str:
    """`ok`, or what it was refused with."""
    ask = SignInMember(site_id=site.site_id, email=email, password=password)
    try:
        client.call(ask, **who)
    except GuardRefused as refused:
        return refused.code
    return "ok"


def test_a_list_attack_is_seen_and_slowed_and_ordinary_members_get_in(
    own_guard: Guard,
) -> None:
    own_guard.start()
    guard, site = own_guard, own_guard.site()
    right = [f"victim-{n}@example.jp" for n in range(PAIRS // RIGHT_ONE_IN)]
    fresh = [f"fresh-{n}@example.jp" for n in range(ORDINARY)]
    regular = [f"regular-{n}@example.jp" for n in range(ORDINARY)]
    members(guard, site, [*right, *fresh, *regular])
    desk = guard.desk
    for n, email in enumerate(regular):  # before the attack, each with a browser of their own
        assert sign_in(desk, site, email, PASSWORD, address="192.0.2.1", device=f"mine-{n}") == "ok"
    guard.sql("UPDATE guard.sign_in_minute SET minute = minute - interval '1 hour'")

    pairs = [(email, PASSWORD) for email in right]
    pairs += [(f"nobody-{n}@example.jp", "their other password") for n in range(PAIRS - len(pairs))]
    random.Random(17).shuffle(pairs)
    begun, codes, storming = time.monotonic(), [], threading.Event()

    def attack(number: int) -> None:
        email, password = pairs[number]
        code = sign_in(desk, site, email, password, address=address(number % ADDRESSES))
        codes.append(code)
        if code == "throttled":
            storming.set()

    def ordinary() -> list[str]:
        assert storming.wait(120)
        said = []
        for n in range(ORDINARY):
            # From where the attack comes too: the neighbour is the guest of the same hotel.
            here = {"address": address(n), "device": f"mine-{n}"}
            said.append(sign_in(desk, site, regular[n], PASSWORD, **here))
            said.append(sign_in(desk, site, fresh[n], PASSWORD, address=f"2001:db8:{n:x}::1"))
        return said

    with ThreadPoolExecutor(9) as crowd:
        honest = crowd.submit(ordinary)
        list(crowd.map(attack, range(len(pairs))))
        assert set(honest.result()) == {"ok"}
    seconds = time.monotonic() - begun
    got_in = codes.count("ok")
    print(f"\n{PAIRS} pairs in {seconds:.0f} s: {got_in} of {len(right)} got in,", end=" ")
    print(f"{codes.count('credentials')} failed, {codes.count('throttled')} turned away")
    assert codes.count("throttled") > PAIRS / 2
    hashed = codes.count("ok") + codes.count("credentials")
    assert hashed < ADDRESSES + 20 * FAILED_MIN
    storms = [entry for entry in guard.entries("login_storm") if entry["site_id"] == site.site_id]
    assert 1 <= len(storms) <= seconds / 60 + 2
    word, tried, failed, _slowed = storms[-1]["purpose"].split(".")
    assert word == "storm"
    assert FAILED_MIN <= int(failed) <= int(tried)
    refusals = [e for e in guard.entries("sign_in") if e["outcome"] == "refused:throttled"]
    assert len(refusals) < PAIRS / 10  # together they are the entry above
    tried_first = [
        entry for entry in guard.entries("sign_in")
        if entry["outcome"] == "ok" and entry["address"].startswith("11.")
    ]  # fmt: skip
    assert len(tried_first) >= got_in  # the list of accounts that the attack got into


def test_elsewhere_it_is_calm(own_guard: Guard) -> None:
    """Another shop of the same guard is not held up, nor a shop where a few mistype."""
    own_guard.start()
    site = own_guard.site()
    desk = own_guard.desk
    own_guard.member(site, "taro@example.jp")
    for n in range(FAILED_MIN - 1):
        code = sign_in(desk, site, f"x-{n}@example.jp", "mistyped it", address=address(n // 5))
        assert code == "credentials"
    time.sleep(REFRESH_SECONDS)  # counted while hers is being checked, which is no failure yet
    assert sign_in(desk, site, "taro@example.jp", PASSWORD, address=address(0)) == "ok"
    assert own_guard.entries("login_storm") == []


def test_others_guesses_do_not_lock_a_known_device_out(guard: Guard, site: Site) -> None:
    guard.member(site, "taro@example.jp")
    desk = guard.desk
    mine = {"address": "192.0.2.44", "device": "a secret of the browser"}
    assert sign_in(desk, site, "taro@example.jp", PASSWORD, **mine) == "ok"
    for n in range(6):
        sign_in(desk, site, "taro@example.jp", "a guess", address=address(n))
    assert sign_in(desk, site, "taro@example.jp", PASSWORD, address="192.0.2.45") == "throttled"
    assert sign_in(desk, site, "taro@example.jp", PASSWORD, **mine) == "ok"
    for _ in range(5):
        sign_in(desk, site, "taro@example.jp", "a guess", **mine)
    assert sign_in(desk, site, "taro@example.jp", PASSWORD, **mine) == "throttled"


@pytest.mark.parametrize(
    ("tried", "failed", "before", "expected"),
    [
        (100, 89, (10_000, 1_200), True),
        (100, 36, (10_000, 1_200), True),  # exactly three times the usual 12 %
        (100, 35, (10_000, 1_200), False),
        (100, 89, (0, 0), True),
        (100, 70, (100, 90), False),  # where most fail anyway, only three quarters are many
        (100, 80, (100, 90), True),
        (29, 29, (10_000, 100), False),
    ],
)
def test_what_is_a_storm(tried: int, failed: int, before: tuple[int, int], expected: bool) -> None:
    found = is_storm(tried, failed, tried_before=before[0], failed_before=before[1])
    assert found == expected


def test_neighbours() -> None:
    assert neighbourhood("203.0.113.77") == "203.0.113.0/24"
    assert neighbourhood("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert neighbourhood("") == ""
