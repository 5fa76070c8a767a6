"""What the demo's shops offer beside goods: ranks, points, a coupon, a set, wrapping, a shop to
fetch things at, and one piece that is sold ahead. Harmless to repeat."""

import datetime as dt
from uuid import UUID

from lockstitch.catalogue.actions import sell_ahead
from lockstitch.catalogue.queries import all_sku_ids, find_product
from lockstitch.inventory.actions import move
from lockstitch.inventory.ledger import places
from lockstitch.inventory.locations import keep_location
from lockstitch.inventory.queries import at_locations, find_location
from lockstitch.kernel.clock import today_jst
from lockstitch.members.actions import save_programme, save_ranks
from lockstitch.pricing.actions import save_coupon, save_promotion, set_terms
from lockstitch.pricing.queries import all_promotions

WRAPPINGS = [
    {"key": "box", "yen": 550, "name": {"ja": "ギフトボックス", "en": "Gift box"}},
    {"key": "bag", "yen": 220, "name": {"ja": "ギフトバッグ", "en": "Gift bag"}},
]
AHEAD = ("satin-slip-dress", "polka-party-dress")  # sold before they are there
ISSUER = {
    "name": "株式会社ひかりアパレル（架空）", "address": "東京都渋谷区神宮前0-0-0",
    "phone": "03-0000-0000",
}  # fmt: skip
RANKS = [
    {"code": "white", "threshold": 0, "rate_bp": 0, "times_bp": 10_000,
     "name": {"ja": "ホワイト", "en": "White"}},
    {"code": "gold", "threshold": 50_000, "rate_bp": 300, "times_bp": 20_000,
     "name": {"ja": "ゴールド", "en": "Gold"}},
]  # fmt: skip
HERE = {
    "name": {"ja": "渋谷店", "en": "Shibuya"}, "kind": "store", "position": 9, "pickup": True,
    "sells_online": False, "prefecture": "東京都",
    "hours": {"ja": "11:00–20:00", "en": "11 am to 8 pm"},
    "address": {"ja": "東京都渋谷区神宮前0-0-0（架空）", "en": "0-0-0 Jingumae (invented)"},
}  # fmt: skip


def load_offers() -> None:
    """For the site in scope."""
    if all_promotions():
        return
    set_terms(
        wrappings=WRAPPINGS, return_days=8, issuer=ISSUER, registration_number="T8999900000001"
    )
    save_programme(rate_bp=100, welcome_points=500, birthday_points=500)
    save_ranks(RANKS)
    welcome = save_promotion(
        None, name={"ja": "はじめまして割引", "en": "Welcome"}, kind="amount", yen=1_000,
        from_yen=10_000, needs_coupon=True,
    )  # fmt: skip
    save_coupon(welcome.pk, "WELCOME")
    save_promotion(
        None, name={"ja": "3点以上で5%オフ", "en": "5 % off from three pieces"}, kind="quantity",
        pieces=3, rate_bp=500,
    )  # fmt: skip
    if find_location("shibuya") is None:
        shop = keep_location("shibuya", **HERE)
        move(dict.fromkeys(all_sku_ids(), 2), reason="receipt", at=shop.pk)
    month = today_jst().replace(day=1) + dt.timedelta(days=100)
    for slug in AHEAD:
        sell_ahead(slug, f"{month:%Y-%m}")
        if view := find_product(slug):
            _not_here_yet([c.sku.id for v in view.colours for c in v.cells if c.sku])


def _not_here_yet(skus: list[UUID]) -> None:
    """What the catalogue's file gave them as stock is due."""
    due = keep_location("due", name={"ja": "入荷予定", "en": "Due in"}, kind="due", position=99)
    house = places()[0]
    there = {sku: at[house.pk].on_hand for sku, at in at_locations(skus).items() if house.pk in at}
    move(there, reason="write_off", at=house.pk)
    move(there, reason="receipt", at=due.pk)
