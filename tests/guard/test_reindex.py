"""A new index key: people are found by the old and the new one, until the old is gone."""

import psycopg
import pytest

from guard.client import GuardRefused
from guard.verify import verify
from guard.wire import FindMembers, MyRecords
from tests.guard.conftest import Guard
from tests.guard.test_keys import Shop

AGED = "UPDATE guard.site_key SET made_at = made_at - interval '1 minute' WHERE purpose = 'index'"
INDEX_KEYS = "SELECT version FROM guard.site_key WHERE purpose = 'index' ORDER BY version"


@pytest.fixture
def shop(own_guard: Guard) -> Shop:
    return Shop(own_guard)


def test_look_ups_are_right_at_every_moment_of_a_new_index_key(shop: Shop) -> None:
    guard = shop.guard
    member, identity = guard.member(shop.site, "m@example.jp", family_name="佐藤")
    person = "SELECT person_id FROM guard.record WHERE record_id = %s"
    [owner] = guard.sql(person, [shop.before[0]])
    old = {row["digest"] for row in guard.sql("SELECT digest FROM guard.blind")}

    def found() -> None:
        assert shop.finds("a@example.jp").count(shop.before[0]) == 1
        assert shop.finds("b@example.jp") == [shop.before[1]]
        later = shop.deposit("a@example.jp")
        shop.opens(later)
        assert guard.sql(person, [later]) == [owner]  # the same person, under either key
        assert guard.desk.call(MyRecords(kinds=["profile"]), session=member).record_ids
        search = FindMembers(site_id=shop.site.site_id, by="email", value="m@example.jp")
        [who] = guard.desk.call(search, session=support).member_ids
        assert who == identity.principal_id

    support, _ = guard.operator(shop.site, "support")
    found()
    assert shop.rotate("index") > 1
    found()  # under both
    assert shop.rotate("index", begin=False) > 1  # not yet: another guard may not know of it
    with pytest.raises(GuardRefused) as refused:
        shop.rotate("index")
    assert refused.value.code == "conflict"
    guard.kill()
    guard.start()
    found()
    guard.sql(AGED)
    left = [shop.rotate("index", begin=False)]
    while left[-1]:
        found()
        left.append(shop.rotate("index", begin=False))
    assert [row["version"] for row in guard.sql(INDEX_KEYS)] == [2]
    assert not old & {row["digest"] for row in guard.sql("SELECT digest FROM guard.blind")}
    found()
    shop.restart()
    found()
    again, _ = guard.member(shop.site, "m2@example.jp", family_name="佐藤")
    assert again
    purposes = [(row["verb"], row["purpose"]) for verb in ("key.rotate", "key.destroy")
                for row in guard.entries(verb)]  # fmt: skip
    assert purposes == [("key.rotate", "key.index"), ("key.destroy", "key.index")]
    assert verify(guard.url("ls_guard"), guard.data / "guard") == []


def test_people_of_whom_only_the_account_knows_keep_their_name(shop: Shop) -> None:
    """A member who has no record of their own address any more, and a person who left no name."""
    guard = shop.guard
    guard.member(shop.site, "m@example.jp", family_name="佐藤")
    [row] = guard.sql("SELECT person_id FROM guard.principal WHERE kind = 'member'")
    guard.sql("DELETE FROM guard.record WHERE person_id = %s", [row["person_id"]])
    guard.sql("DELETE FROM guard.record WHERE record_id = %s", [shop.before[0]])
    shop.rotate("index")
    guard.sql(AGED)
    while shop.rotate("index", begin=False):
        pass
    [kept] = guard.sql("SELECT * FROM guard.person WHERE person_id = %s", [row["person_id"]])
    assert kept["index_version"] == 2
    assert kept["identity_index"] is not None
    names = guard.sql("SELECT count(*) AS n FROM guard.person WHERE identity_index IS NOT NULL")
    assert names == [{"n": 2}]
    record = shop.deposit("m@example.jp")
    shop.opens(record)
    asked = "SELECT person_id FROM guard.record WHERE record_id = %s"
    assert guard.sql(asked, [record]) == [row]


def test_only_an_index_key_can_be_destroyed(shop: Shop) -> None:
    with psycopg.connect(shop.guard.url("ls_guard")) as db:
        assert db.execute("DELETE FROM guard.site_key WHERE purpose <> 'index'").rowcount == 0
