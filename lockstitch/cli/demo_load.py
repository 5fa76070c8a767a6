"""The demo: one company, three shops that look like three brands, and logins to try them with."""

from pathlib import Path
from uuid import UUID

from django.db import transaction

from lockstitch.catalogue.actions import EVERY
from lockstitch.catalogue.editing import keep_category
from lockstitch.catalogue.queries import ids_of_products
from lockstitch.cli.demo_cloth import GARMENTS
from lockstitch.cli.demo_content import load_content
from lockstitch.cli.demo_coordinates import load_coordinates
from lockstitch.cli.demo_logins import NAMES, logins
from lockstitch.cli.demo_offers import load_offers
from lockstitch.cli.demo_pictures import LOOKS as SCENES
from lockstitch.cli.demo_pictures import draw_all
from lockstitch.cli.demo_range import CATEGORIES, LOOKS, RANGES, new_products, stock
from lockstitch.cli.demo_sets import load_sets
from lockstitch.cli.demo_synonyms import SYNONYMS
from lockstitch.cli.instance import Instance
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import make_known
from lockstitch.content.actions import keep_page
from lockstitch.inventory.intake import take_in
from lockstitch.kernel.clock import now
from lockstitch.pricing.actions import set_terms
from lockstitch.sealed import reading
from lockstitch.search.actions import set_synonyms
from lockstitch.tenancy.actions import open_company, open_site, set_look
from lockstitch.tenancy.queries import Site, find_site
from lockstitch.tenancy.scope import scope

TEXTS = Path(__file__).parent / "demo_pages"
PAGES = {
    "guide": {"ja": "ご利用ガイド", "en": "Shipping and returns"},
    "law": {"ja": "特定商取引法に基づく表記", "en": "Legal notice"},
    "privacy": {"ja": "個人情報の取り扱い", "en": "Privacy"},
}
COMPANY = "Hikari Apparel (demo)"
ACCOUNT = {
    "ja": "ひかり銀行（架空） 本店営業部\n普通 1234567 カ)ヒカリアパレル",
    "en": "Hikari Bank (invented), Head Office\nOrdinary account 1234567, Hikari Apparel",
}
COD_FEES = [[9_999, 330], [29_999, 440], [99_999, 660], [300_000, 1_100]]  # up to yen, fee
MEMBER = {
    "family_name": "見本", "given_name": "花子", "family_kana": "ミホン", "given_kana": "ハナコ",
    "email": "hanako@example.jp", "phone": "0312345678", "postal_code": "1500001",
    "prefecture": "東京都", "city": "渋谷区", "street": "神宮前1-2-3", "building": "",
}  # fmt: skip


def load(instance: Instance) -> None:
    """Safe to interrupt and to repeat. The guard must be up."""
    sites = _open()
    for brand, site in sites.items():
        with scope(site.id):
            set_terms(cod_fees=COD_FEES, bank_account=ACCOUNT)
            for position, (slug, title) in enumerate(PAGES.items()):
                body = {code: (TEXTS / f"{slug}.{code}.html").read_text() for code in title}
                keep_page(slug=slug, title=title, body=body, position=position)
            _load_goods(brand)
            load_offers()
            set_synonyms(SYNONYMS[brand])
    _register(instance, sites)
    with progress("drawing garments") as advance:
        looks = draw_all({brand: site.id for brand, site in sites.items()}, advance)
    for brand, site in sites.items():
        set_look(
            site.id, {**LOOKS[brand], "pictures": {name: looks[brand][name] for name in SCENES}}
        )
        with scope(site.id):
            load_coordinates(brand, looks[brand])
            load_sets(brand)
            load_content(brand)


def _load_goods(brand: str) -> None:
    """Once: what somebody changed since in the console is theirs."""
    products = new_products(brand, now())
    if ids_of_products([products[0].slug]):
        return
    take_in(products, stock(brand), named=EVERY)
    used = {product.category for product in products}
    for position, (slug, name) in enumerate(CATEGORIES.items()):
        if slug in used:
            keep_category(slug, name=name, garment=GARMENTS[slug], parent="", position=position)


def _open() -> dict[str, Site]:
    known = {brand: site for brand in RANGES if (site := find_site(brand))}
    with transaction.atomic():
        first = next(iter(known.values()), None)
        company_id = first.company_id if first else open_company(name=COMPANY).id
        for brand in RANGES:
            if brand not in known:
                known[brand] = open_site(
                    company_id=company_id, slug=brand, name=NAMES[brand][0],
                    name_ja=NAMES[brand][1], hosts=[f"{brand}.localhost"],
                    mail_from=f"shop@{brand}.example.jp", look=LOOKS[brand],
                )  # fmt: skip
    return known


def _register(instance: Instance, sites: dict[str, Site]) -> None:
    """The guard's half: keys for the sites, and who may sign in."""
    ask, nobody, made = reading.ask, reading.Caller(), logins(instance)
    company: UUID = next(iter(sites.values())).company_id
    for site in sites.values():
        make_known(site, COMPANY)
    ids = [site.id for site in sites.values()]
    operators: tuple[tuple[str, str, reading.Role, list[UUID]], ...] = (
        (made.owner, "見本 一郎", "owner", ids),
        (made.orders, "見本 桜", "orders", ids[:1]),
    )
    for email, name, role, of in operators:
        ask(
            nobody,
            reading.SeedPrincipal(
                kind="operator", email=email, name=name, handle=email.partition("@")[0],
                company_id=company, site_ids=of, role=role, password=made.password,
                totp_secret=made.totp_secret,
            ),
        )  # fmt: skip
    ask(
        nobody,
        reading.SeedPrincipal(
            kind="staff", email=made.staff, name="Platform staff", handle="staff",
            password=made.password, totp_secret=made.totp_secret,
        ),
    )  # fmt: skip
    ask(
        nobody,
        reading.SeedPrincipal(
            kind="member", email=made.member, password=made.password, site_id=ids[0],
            fields=MEMBER,
        ),
    )  # fmt: skip
