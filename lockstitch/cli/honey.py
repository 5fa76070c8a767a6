"""`lockstitch honey plant`: orders and members of people who do not exist. Opening one is an alarm.

The orders are placed and cancelled, so that neither stock nor books nor a parcel knows of them.
"""

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

import click

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say

if TYPE_CHECKING:
    from lockstitch.tenancy.queries import Site

FAMILIES = {
    "佐藤": "サトウ", "鈴木": "スズキ", "高橋": "タカハシ", "田中": "タナカ", "伊藤": "イトウ",
    "渡辺": "ワタナベ", "中村": "ナカムラ", "小林": "コバヤシ", "加藤": "カトウ", "吉田": "ヨシダ",
    "山口": "ヤマグチ", "松本": "マツモト", "井上": "イノウエ", "木村": "キムラ", "清水": "シミズ",
}  # fmt: skip
GIVENS = {
    "美咲": "ミサキ", "陽菜": "ヒナ", "彩花": "アヤカ", "結衣": "ユイ", "真由": "マユ",
    "千尋": "チヒロ", "翔太": "ショウタ", "大輔": "ダイスケ", "健一": "ケンイチ", "直樹": "ナオキ",
    "由美": "ユミ", "恵子": "ケイコ", "智子": "トモコ", "麻衣": "マイ", "拓也": "タクヤ",
}  # fmt: skip
PLACES = (
    ("1500001", "東京都", "渋谷区", "神宮前"), ("1540024", "東京都", "世田谷区", "三軒茶屋"),
    ("2310023", "神奈川県", "横浜市中区", "山下町"), ("5300001", "大阪府", "大阪市北区", "梅田"),
    ("6008216", "京都府", "京都市下京区", "東塩小路町"),
    ("4600008", "愛知県", "名古屋市中区", "栄"),
    ("8100001", "福岡県", "福岡市中央区", "天神"),
    ("0600001", "北海道", "札幌市中央区", "北一条西"),
)  # fmt: skip
MAILS = ("gmail.com", "yahoo.co.jp", "icloud.com", "docomo.ne.jp", "ezweb.ne.jp")


@click.group("honey")
def honey() -> None:
    """Records that nobody has a reason to open."""


@honey.command("plant")
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 1000),
              help="So many orders, and so many members.")  # fmt: skip
@click.pass_obj
def plant(instance: Instance, *, slug: str, count: int) -> None:
    """Plants invented buyers among a shop's; `up` has to be running.

    Whoever opens one is an alert, and is stopped. Nothing on the screen tells which they are, and
    no letter goes to them. Example:

      lockstitch honey plant --site north
    """
    setup(instance)
    from lockstitch.tenancy.queries import find_site
    from lockstitch.tenancy.scope import scope

    site = find_site(slug)
    if site is None:
        raise click.ClickException(f"no shop {slug!r}: see `lockstitch sites`")
    with scope(site.id):
        sku = _goods()
        for _number in range(count):
            _member(site)
            _order(site, sku)
    say(f"{count} orders and {count} members of nobody are in {slug}.")


def person() -> dict[str, str]:
    """Somebody who does not exist, as an address form would take them."""
    family, given = secrets.choice(list(FAMILIES)), secrets.choice(list(GIVENS))
    code, prefecture, city, town = secrets.choice(PLACES)
    return {
        "family_name": family, "given_name": given,
        "family_kana": FAMILIES[family], "given_kana": GIVENS[given],
        "email": f"{secrets.token_hex(5)}@{secrets.choice(MAILS)}",
        "phone": f"090{secrets.randbelow(10**8):08}", "postal_code": code,
        "prefecture": prefecture, "city": city, "building": "",
        "street": "".join((town, "-".join(str(1 + secrets.randbelow(20)) for _ in range(3)))),
        "note": "",
    }  # fmt: skip


def _goods() -> UUID:
    from lockstitch.catalogue.queries import all_sku_ids, offers
    from lockstitch.inventory.queries import available

    ids = all_sku_ids()
    left, sold = available(ids), offers(ids)
    there = [sku for sku in ids if left.get(sku) and sku in sold]
    if not there:
        raise click.ClickException("nothing is on sale that an order could be of")
    return secrets.choice(there)


def _member(site: "Site") -> None:
    from lockstitch.members.actions import keep_member
    from lockstitch.sealed.reading import Caller, ImportMembers, MemberRow, PlantHoney, ask

    fields = person()
    row = MemberRow(email=fields["email"], fields=fields, password_hash="")
    [moved] = ask(Caller(), ImportMembers(site_id=site.id, members=[row])).rows
    if moved.member_id is None:
        raise click.ClickException(f"a member was not taken: {moved.outcome}")
    keep_member(
        member_id=moved.member_id, hint=moved.handle, profile_id=moved.profile_id,
        prefecture=fields["prefecture"], welcome=True,
    )  # fmt: skip
    ask(Caller(), PlantHoney(site_id=site.id, member_id=moved.member_id))


def _order(site: "Site", sku: UUID) -> None:
    from lockstitch.checkout import actions as checkout
    from lockstitch.checkout.filling import add_to_cart
    from lockstitch.checkout.queries import find_cart, find_checkout, show_checkout
    from lockstitch.fulfilment.actions import cancel
    from lockstitch.kernel.ids import new_token
    from lockstitch.orders.actions import SYSTEM
    from lockstitch.payments.queries import offered
    from lockstitch.sealed.reading import Caller, PlantHoney, ask

    token, fields = new_token(), person()
    add_to_cart(token, sku)
    cart = find_cart(token)
    if cart is None:
        raise click.ClickException("the cart is gone")
    made = checkout.begin_checkout(cart, member_id=None, language="ja")
    record_id = ask(Caller(), PlantHoney(site_id=site.id, fields=fields)).record_id
    checkout.keep_contact(
        made.id, record_id=record_id, buyer_hint=f"{fields['family_name'][0]}＊ ＊＊",
        prefecture=fields["prefecture"], postal_zone=fields["postal_code"][:3],
    )  # fmt: skip
    methods = [method for method in ("bank", "cod") if method in offered()]
    if not methods:
        raise click.ClickException("the shop takes neither transfers nor cash on delivery")
    checkout.choose_method(made.id, methods[0])
    found = find_checkout(made.id)
    if found is None:
        raise click.ClickException("the checkout is gone")
    total = show_checkout(found).quote.total_yen
    cancel(checkout.place(made.id, shown_total_yen=total).id, SYSTEM)
