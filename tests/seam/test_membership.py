"""A membership from end to end, over both origins, the guard and the worker."""

import csv
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from lockstitch.cli.instance import ROOT
from tests.instance import call, wait_until
from tests.seam.conftest import Operator, Seeded
from tests.seed import PASSWORD
from tests.shopper import PERSON, Loopback, Page, Shopper

pytestmark = pytest.mark.slow

ADDRESS = {
    "family_name": "実家", "given_name": "の母", "family_kana": "じっか", "given_kana": "ﾉﾊﾊ",
    "phone": "03-1234-5678", "postal_code": "060-0001", "prefecture": "北海道",
    "city": "札幌市中央区", "street": "北一条西1-1", "building": "",
}  # fmt: skip


def sign_in(seeded: Seeded, email: str = "hanako@example.jp", slug: str = "north") -> Shopper:
    shopper = seeded.shopper(slug)
    form = shopper.get(f"{shopper.shop}/account/").form(having="password")
    page = shopper.submit(form, email=email, password=PASSWORD)
    assert page.url.endswith("/account/"), page.text[:500]
    return shopper


def number_of(page: Page) -> str:
    found = re.search(r"\d{6}-[0-9A-Z]{6}", page.text)
    assert found
    return found.group()


def desk(shopper: Shopper) -> str:
    return shopper.shop.replace("//", "//desk.").rpartition(":")[0] + (
        f":{int(shopper.shop.rpartition(':')[2]) + 1}"
    )


@pytest.fixture(scope="module")
def owner(seeded: Seeded) -> Operator:
    return seeded.operator()  # a code is good once


def test_a_guests_orders_come_along_but_not_a_strangers(seeded: Seeded) -> None:
    mine = number_of(seeded.shopper().buy("shirt", person=PERSON))
    stranger = {**PERSON, "family_name": "鈴木", "family_kana": "スズキ", "phone": "08011112222"}
    other = number_of(seeded.shopper().buy("shirt", person=stranger))
    member = sign_in(seeded)
    page = member.get(f"{member.shop}/account/")
    assert mine in page.text
    assert other not in page.text
    gift = {**PERSON, "email": "taro@example.jp"}
    bought = member.buy("shirt", person=gift)
    assert number_of(bought) in member.get(f"{member.shop}/account/").text
    with seeded.database() as db:
        found = db.execute(
            "SELECT r.claimed_by IS NOT NULL FROM guard.record r JOIN orders_order o"
            " USING (record_id) WHERE o.number = %s",
            [number_of(bought)],
        ).fetchone()
    assert found == (True,)


def test_the_address_book_is_the_members_alone(seeded: Seeded) -> None:
    member = sign_in(seeded)
    base = f"{desk(member)}/account/addresses/"
    page = member.submit(member.get(f"{base}new/").form(having="family_name"), **ADDRESS)
    assert "〒060-0001 北海道札幌市中央区北一条西1-1" in page.text
    assert "ジッカ ノハハ" in page.text
    change = next(link for link in page.links if re.search(r"addresses/[0-9a-f-]{36}/$", link))
    page = member.submit(member.get(change).form(having="family_name"), city="札幌市西区")
    assert "札幌市西区" in page.text
    looked = member.submit(
        member.get(f"{base}new/").form(having="family_name"), ("lookup", "1"),
        postal_code="1500001",
    )  # fmt: skip
    assert "渋谷区" in looked.text
    assert member.submit(page.form("/forget/")).status == 200
    assert "札幌市西区" not in member.get(base).text
    stranger = seeded.shopper()
    assert "sign-in" in stranger.get(base).url


def test_all_that_is_held_can_be_taken_along(seeded: Seeded) -> None:
    member = sign_in(seeded)
    text = member.get(f"{desk(member)}/account/data/json/").text
    data = json.loads(text)
    assert {record["kind"] for record in data["records"]} >= {"profile"}
    assert data["records"][-1]["family_name"] == "山田"
    assert data["membership"]["hint"] == "山＊ ＊＊"
    assert len(data["orders"]) >= 1
    table = member.get(f"{desk(member)}/account/data/csv/").text
    assert table.startswith("\ufeffpart,number,name,value")
    with seeded.database() as db:
        seen = db.execute("SELECT 1 FROM guard.ledger WHERE purpose = 'self.export'").fetchone()
    assert seen


def test_an_operator_finds_reveals_and_notes(seeded: Seeded, owner: Operator) -> None:
    sign_in(seeded)
    base = f"{owner.desk}/s/north/members/"
    found = owner.submit(
        owner.get(f"{base}search/").form(having="value"), by="email", value="HANAKO@example.jp"
    )
    assert "山＊ ＊＊" in found.text
    assert "花子" not in found.text
    link = next(link for link in found.links if re.search(r"/members/[0-9a-f-]{36}/$", link))
    member = link.rstrip("/").rpartition("/")[2]
    assert "山＊ ＊＊" in owner.get(link).text
    assert "花子" not in owner.get(link).text
    page = owner.get(f"{base}{member}/reveal/")
    shown = owner.submit(page.form(having="purpose"), purpose="member.support")
    assert "山田 花子" in shown.text
    notes = f"{base}{member}/notes/"
    kept = owner.submit(owner.get(notes).form(having="text"), text="電話で住所を確認した")
    assert "電話で住所" not in kept.text
    reading = kept.forms[0]
    assert "電話で住所を確認した" in owner.submit(reading, ("read", "1")).text
    with seeded.database() as db:
        rows = db.execute(
            "SELECT purpose FROM guard.ledger WHERE principal_kind = 'operator'"
            " AND purpose IN ('member.support', 'member.notes', 'search.email')"
        ).fetchall()
    assert {row[0] for row in rows} == {"member.support", "member.notes", "search.email"}


def test_a_campaign_arrives_and_one_click_ends_it(seeded: Seeded, owner: Operator) -> None:
    member = sign_in(seeded)
    letters = member.get(f"{member.shop}/account/letters/").form(having="month")
    assert member.submit(letters, news="1").status == 200
    base = f"{owner.shop}/s/north"
    owner.submit(
        owner.get(f"{base}/members/segments/new/").form(having="name"), ("keep", "1"), name="All"
    )
    form = owner.get(f"{base}/campaigns/new/").form(having="subject_ja")
    page = owner.submit(
        form, name="Winter", subject_ja="冬の便り", text_ja="{{ name }} 様、冬です。",
        html_ja="<p>{{ name }} 様</p>", per_minute="60",
    )  # fmt: skip
    owner.submit(page.form("/move/"), ("to", "scheduled"))
    folder = seeded.up.data / "guard" / "mailbox" / "new"

    def arrived() -> str:
        for path in folder.iterdir():
            text = path.read_bytes().decode("utf-8", "replace")
            if "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text:
                return text
        return ""

    wait_until(arrived, 100)
    address = re.search(r"List-Unsubscribe: <([^>\s]+)>", arrived())
    assert address
    url = address[1]
    with httpx.Client(transport=Loopback()) as http:
        assert http.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    page = member.get(f"{member.shop}/account/letters/")
    assert "news" not in {
        name for form in page.forms for name, value in form.values.items() if value == "1"
    }


def test_a_test_letter_comes_to_who_asks(seeded: Seeded, owner: Operator) -> None:
    base = f"{owner.shop}/s/north/letters/placed/ja/"
    form = owner.get(base).form(having="subject")
    owner.submit(form, ("keep", "1"), subject="試し {{ order.number }}", text="{{ name }} 様")
    frame = owner.get(f"{owner.desk}/s/north/members/letters/placed/ja/")
    assert "Sent to your own address." in owner.submit(frame.forms[-1]).text
    with seeded.database() as db:
        wait_until(
            lambda: db.execute(
                "SELECT 1 FROM guard.letter WHERE purpose = 'letter.test' AND state = 'sent'"
            ).fetchone()
        )
    owner.submit(owner.get(base).form(having="subject"), ("drop", "1"))


def test_members_move_in_twice_and_out(seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    digest = hashlib.sha1(f"salt{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    lines = ["email,password_hash,family_name,given_name,points"]
    lines += [f"m{n}@in.example,sha1$salt${digest},転居,した,{n * 100}" for n in range(50)]
    lines += ["nobody,,,,", "bad@in.example,md5,,,"]
    file.write_text("\n".join(lines))
    for count in ("50 came, 0 were here", "0 came, 50 were here"):
        done = call(seeded.up.data, "members", "import", str(file), "--site", "south")
        assert count in done.stdout, done.stdout + done.stderr
        assert "row 51: refused: email" in done.stdout
        assert "row 52: refused: password_hash" in done.stdout
        assert "in.example" not in done.stdout
        assert done.returncode == 1
    member = sign_in(seeded, "m7@in.example", "south")
    assert "700" in member.get(f"{member.shop}/account/points/").text
    out = tmp_path / "out.csv"
    done = call(seeded.up.data, "members", "export", "--site", "south", "--to", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o077 == 0
    with out.open(encoding="utf-8-sig", newline="") as text:
        rows = {row["email"]: row for row in csv.DictReader(text)}
    assert rows["m7@in.example"]["points"] == "700"
    assert rows["m7@in.example"]["family_name"] == "転居"
    assert len(rows) >= 50


def test_the_worker_may_do_what_the_clock_asks(seeded: Seeded) -> None:
    """Ranks, expiry, birthdays, reminders and returns, with no more rights than the worker's."""
    month = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=9))).month
    sign_in(seeded)
    with seeded.database() as db:
        site, me = [seeded.site()], "山＊ ＊＊"
        db.execute(
            "INSERT INTO members_programme (site_id, rate_bp, restored_live_days,"
            " spend_unit_points, rank_by, rank_window_months, welcome_points, birthday_points)"
            " VALUES (%s, 100, 30, 1, 'spend', 12, 0, 500)",
            site,
        )
        db.execute(
            "INSERT INTO members_rank (site_id, code, name, level, threshold, rate_bp, times_bp)"
            " VALUES (%s, 'plain', '{}', 0, 0, 0, 10000)",
            site,
        )
        db.execute("UPDATE members_member SET birth_month = %s WHERE hint = %s", [month, me])
        db.execute(
            "INSERT INTO members_consent (site_id, member_id, purpose, given, version, source)"
            " SELECT site_id, id, 'reminder', true, '1', 'account' FROM members_member"
            " WHERE hint = %s",
            [me],
        )
        member = sign_in(seeded)
        member.into_cart("shirt")
        db.execute(
            "UPDATE checkout_cart SET touched_at = now() - interval '5 hours'"
            " WHERE member_id IS NOT NULL"
        )
        db.execute(
            "UPDATE orders_order SET placed_at = now() - interval '2 days'"
            " WHERE member_id IS NOT NULL"
        )
    done = subprocess.run(
        [sys.executable, "-m", "tests.clockwork", str(seeded.up.data)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    said = dict(line.removeprefix("north ").split() for line in done.stdout.splitlines()
                if line.startswith("north "))  # fmt: skip
    assert int(said["reckon"]) >= 1
    assert said["give_birthday_points"] == "1"
    assert said["remind_of_carts"] == "1"
    page = sign_in(seeded)
    assert "500" in page.get(f"{page.shop}/account/points/").text


def test_who_leaves_is_gone(seeded: Seeded) -> None:
    """After the others: she was theirs."""
    waiting = sign_in(seeded)
    page = waiting.get(f"{desk(waiting)}/account/leave/")
    assert "You have open orders." in page.text
    leaver = sign_in(seeded, "m9@in.example", "south")
    path = f"{desk(leaver)}/account/leave/"
    wrong = leaver.submit(
        leaver.get(path).form(having="password"), password="wrong", understood="on"
    )
    assert wrong.status == 422
    gone = leaver.submit(
        leaver.get(path).form(having="password"), password=PASSWORD, understood="on"
    )
    assert "Goodbye" in gone.text
    assert "sign-in" in leaver.get(f"{leaver.shop}/account/").url
    with seeded.database() as db:
        left = db.execute(
            "SELECT count(*) FROM members_member WHERE closed_at IS NOT NULL AND hint = '＊'"
        ).fetchone()
    assert left == (1,)
