"""The letters: is it you who waits; it is back; it costs less. The worker posts them to sealed
records."""

import datetime as dt
from collections import defaultdict
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from lockstitch.catalogue.models import Sku
from lockstitch.catalogue.queries import Card, Offer, cards_of, offers
from lockstitch.crm.letters import origin, way_out
from lockstitch.crm.queries import mailable
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import now
from lockstitch.mailing.queries import render
from lockstitch.members.models import Favourite, Member
from lockstitch.sealed.post import post
from lockstitch.tenancy.models import Site
from lockstitch.tenancy.scope import current_site_id
from lockstitch.wishes.models import PriceTold, Wait
from lockstitch.wishes.queries import WAITING
from lockstitch.wishes.rules import TOLD_COUNTS_FOR, to_tell

SKUS_A_MINUTE, LETTERS_A_MINUTE = 200, 500
CHEAPER_AN_HOUR = 2_000  # favourites looked at


def _site() -> Site:
    return Site.objects.get(id=current_site_id())


def _write(wait: Wait, template: str, offer: Offer | None, site: Site) -> None:
    address = f"{origin(site)}/waits/{wait.key}/"
    shown = offer or SimpleNamespace(name={}, colour={}, size="", product_slug="", colour_code="")
    message = render(
        template, language=wait.language, site=site, origin=origin(site), item=shown,
        link=f"{origin(site)}/items/{shown.product_slug}/{shown.colour_code}/", wait=address,
        way_out=address,
    )  # fmt: skip
    post(
        record_id=wait.record_id, purpose=f"notice.{template}", subject=message.subject,
        text=message.text, html=message.html, dedupe_key=f"{template}:{wait.pk}",
        unsubscribe=address if template == "restock" else "",
    )  # fmt: skip


def ask_to_confirm(wait_id: UUID) -> None:
    """Follows `wait.asked`."""
    wait = Wait.objects.get(id=wait_id)
    if wait.confirmed_at is None and wait.ended_at is None:
        _write(wait, "restock_confirm", offers([wait.sku_id]).get(wait.sku_id), _site())


def tell_of_stock() -> int:
    """Writes to who waits for what is there, first come first told, a few letters a piece."""
    wanted = list(
        Wait.objects.filter(WAITING).values("sku_id").annotate(n=Count("id"))
        .values_list("sku_id", flat=True)
    )  # fmt: skip
    pieces = {sku: n for sku, n in available(wanted).items() if n > 0}
    there = offers(list(pieces)[:SKUS_A_MINUTE])
    lately = dict(
        Wait.objects.filter(sku_id__in=there, told_at__gte=now() - TOLD_COUNTS_FOR)
        .values("sku_id").annotate(n=Count("id")).values_list("sku_id", "n")
    )  # fmt: skip
    site, told = _site(), 0
    for sku_id, offer in there.items():
        most = min(to_tell(pieces[sku_id], lately.get(sku_id, 0)), LETTERS_A_MINUTE - told)
        with transaction.atomic():
            waits = list(
                Wait.objects.select_for_update(skip_locked=True)
                .filter(WAITING, sku_id=sku_id).order_by("id")[:most]
            )  # fmt: skip
            for wait in waits:
                _write(wait, "restock", offer, site)
            Wait.objects.filter(id__in=[wait.pk for wait in waits]).update(told_at=now())
        told += len(waits)
    return told


def tell_of_prices() -> int:
    """One letter to each member whose favourites cost less than when chosen, and less than they
    were told, if they said that we may."""
    rows = list(_cheaper()[:CHEAPER_AN_HOUR])
    cards = {card.product.id: card for card in cards_of({row.product_id for row in rows})}
    fallen: dict[UUID, list[tuple[Card, int]]] = defaultdict(list)
    for row in rows:
        card = cards.get(row.product_id)
        if card and card.price_yen < row.bar:
            fallen[row.member_id].append((card, row.price_seen_yen))
    site = _site()
    for member in Member.objects.filter(id__in=fallen):
        _tell_of_prices(site, member, fallen[member.pk])
    return len(fallen)


def _cheaper() -> QuerySet[Any]:
    """Favourites of who may be written to, of which a SKU costs less than `bar` now."""
    moment = now()
    members = mailable(Member.objects.filter(closed_at=None), "reminder")
    told = (
        PriceTold.objects.filter(member_id=OuterRef("member_id"), product_id=OuterRef("product_id"))
        .order_by("price_yen").values("price_yen")[:1]
    )  # fmt: skip
    on_sale = Q(sale_from__lte=moment, sale_price_yen__lt=OuterRef("bar")) & (
        Q(sale_until=None) | Q(sale_until__gt=moment)
    )
    less = Sku.objects.filter(
        Q(price_yen__lt=OuterRef("bar")) | on_sale, product_id=OuterRef("product_id"), active=True
    )
    rows: QuerySet[Any] = (
        Favourite.objects.filter(member__in=members.values("id"), price_seen_yen__gt=0)
        .annotate(bar=Least("price_seen_yen", Coalesce(Subquery(told), "price_seen_yen")))
        .filter(Exists(less))
        .order_by("member_id", "product_id")
    )
    return rows


def _tell_of_prices(site: Site, member: Member, fallen: list[tuple[Card, int]]) -> None:
    with transaction.atomic():
        PriceTold.objects.bulk_create(
            [
                PriceTold.here(
                    member_id=member.pk, product_id=card.product.id, price_yen=card.price_yen
                )
                for card, _was in fallen
            ],
            ignore_conflicts=True,
        )
        if member.profile_id is None:
            return
        address = way_out(site, member, "reminder")
        lines = [
            SimpleNamespace(
                name=card.product.name, price_yen=card.price_yen, was_yen=was,
                link=f"{origin(site)}/items/{card.product.slug}/",
            )
            for card, was in fallen
        ]  # fmt: skip
        message = render(
            "cheaper", language=member.language, site=site, origin=origin(site), items=lines,
            link=f"{origin(site)}/favourites/", way_out=address,
        )  # fmt: skip
        prices = "-".join(f"{card.product.id}:{card.price_yen}" for card, _was in fallen)
        post(
            record_id=member.profile_id, purpose="reminder.price", subject=message.subject,
            text=message.text, html=message.html, unsubscribe=address,
            dedupe_key=f"cheaper:{member.pk}:{sha256(prices.encode()).hexdigest()[:32]}",
        )  # fmt: skip


def forget_unanswered() -> int:
    """Guests who never said yes are forgotten after a week."""
    old = now() - dt.timedelta(days=7)
    with transaction.atomic():
        return Wait.objects.filter(
            member=None, confirmed_at=None, ended_at=None, at__lt=old
        ).update(ended_at=now())
