"""The reference world has the notice's figures, and is made only once."""

import json

import pytest

from lockstitch.cli.world.people import person
from lockstitch.cli.world.preset import BUYERS, ORDERS, buyer_of, placed_at, plan
from tests.instance import call, folder, started


def test_the_plan_has_the_figures_of_the_notice() -> None:
    plans = plan()
    assert len(plans) == len({each.slug for each in plans}) == 53
    assert len({each.company for each in plans}) == 43
    assert sum(each.members for each in plans) == 980_000
    with_members = [each for each in plans if each.members]
    assert (len(with_members), len({each.company for each in with_members})) == (42, 40)
    assert sum(each.operators for each in plans) == 314
    assert min(each.operators for each in plans) >= 1
    assert sum(each.has_payment for each in plans) == 26
    [shop] = [each for each in plans if each.orders]
    assert (shop.orders, shop.buyers) == (15_581, 10_946)
    buyers = {buyer_of(number, ORDERS, BUYERS) for number in range(ORDERS)}
    assert len(buyers) == BUYERS
    assert f"{placed_at(ORDERS - 1, ORDERS):%Y-%m-%d %H:%M}" == "2016-04-18 16:38"


def test_a_person_is_the_same_each_time_and_of_no_real_domain() -> None:
    assert person("shop-01", 7) == person("shop-01", 7) != person("shop-01", 8)
    assert person("shop-01", 7)["email"].endswith(".example")


@pytest.mark.slow
def test_a_small_world_is_made_once() -> None:
    with folder() as data, started(data, "--empty"):
        for _n in range(2):
            made = call(data, "world", "--preset", "2016", "--scale", "0.001")
            assert made.returncode == 0, made.stderr
        assert "53 shops, 980 members, 16 orders" in made.stdout
        found = call(
            data, "incident", "assess", "--from", "2015-01-01", "--process", "guard", "--json"
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
        sites = json.loads(found.stdout)["sites"]
        assert sum(site["people"] for site in sites) == 980
