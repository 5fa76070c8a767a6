"""Letters that nobody waits for: campaigns, and reminders of carts. The worker posts them to
sealed records; every one has its own address to end them."""

import datetime as dt
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from lockstitch.catalogue.hems import hem_cm
from lockstitch.catalogue.queries import Offer, offers
from lockstitch.checkout.buyers import sold_to
from lockstitch.checkout.models import Cart, CartLine
from lockstitch.checkout.rules import hem_fee
from lockstitch.crm.actions import begin_campaign, bought_after_reminder
from lockstitch.crm.models import Addressee, Campaign, Reminder
from lockstitch.crm.queries import mailable
from lockstitch.crm.rules import REMIND_AFTER, REMIND_BEFORE, is_time_to_remind
from lockstitch.kernel.clock import now
from lockstitch.kernel.text import LANGUAGES
from lockstitch.mailing.queries import Message, filled, render
from lockstitch.mailing.rules import Written
from lockstitch.members.models import Member
from lockstitch.orders.models import Order
from lockstitch.sealed.post import post, returned_since
from lockstitch.tenancy.models import Site
from lockstitch.tenancy.scope import current_site_id

WAY_OUT = "https://way-out.invalid/"  # stands for each member's own address while rendering
RETURNS_LOOK_BACK = dt.timedelta(days=2)


def origin(site: Site) -> str:
    scheme, port = ("https", "") if settings.SECURE else ("http", f":{settings.PORT}")
    return f"{scheme}://{site.hosts[0]}{port}"


def way_out(site: Site, member: Member, purpose: str) -> str:
    return f"{origin(site)}/unsubscribe/{purpose}/{member.mail_key}/"


def send_campaigns() -> int:
    """Begins what is due and posts each running campaign's letters of this minute."""
    due = Campaign.objects.filter(state="scheduled", starts_at__lte=now())
    for campaign_id in list(due.values_list("id", flat=True)):
        begin_campaign(campaign_id)
    running = Campaign.objects.filter(state="sending").order_by("starts_at")
    return sum(_send(campaign_id) for campaign_id in list(running.values_list("id", flat=True)))


def _send(campaign_id: UUID) -> int:
    """The next letters of a campaign, as many as a minute may have."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(id=campaign_id)
        if campaign.state != "sending":
            return 0
        waiting = list(
            Addressee.objects.filter(campaign=campaign, posted_at=None, left_out="").order_by("id")[
                : campaign.per_minute
            ]
        )
        if not waiting:
            campaign.state = "sent"
            campaign.save(update_fields=["state"])
            return 0
        members = {
            member.pk: member
            for member in mailable(
                Member.objects.filter(id__in=[row.member_id for row in waiting], closed_at=None),
                campaign.purpose,
            )
        }
        _post_campaign(campaign, members.values())
        for row in waiting:
            if row.member_id in members:
                row.posted_at = now()
            else:
                row.left_out = "consent"  # none (any more), or nowhere to write to
        Addressee.objects.bulk_update(waiting, ["posted_at", "left_out"], batch_size=1_000)
        campaign.posted += len(members)
        campaign.save(update_fields=["posted"])
        return len(members)


def _post_campaign(campaign: Campaign, members: Iterable[Member]) -> None:
    """Rendered once a language; only the way out differs."""
    site = Site.objects.get(id=current_site_id())
    facts = {"shop": {"name": site.name, "link": origin(site)}, "coupon": {"code": ""}}
    rendered: dict[str, Message] = {}
    for member in members:
        language = _language(member, campaign.texts)
        if language not in rendered:
            written = Written(**campaign.texts[language])
            shown = filled(written, facts, language=language, way_out=WAY_OUT)
            rendered[language] = shown
        address = way_out(site, member, campaign.purpose)
        message = rendered[language]
        if member.profile_id is None:
            continue
        post(
            record_id=member.profile_id, purpose="news.campaign", subject=message.subject,
            text=message.text.replace(WAY_OUT, address),
            html=message.html.replace(WAY_OUT, address),
            dedupe_key=f"campaign:{campaign.pk}:{member.pk}", unsubscribe=address,
        )  # fmt: skip


def _language(member: Member, texts: dict[str, Any]) -> str:
    wanted = (member.language, *LANGUAGES)
    return next(language for language in wanted if language in texts)


def remind_of_carts(*, limit: int = 500) -> int:
    """Writes once about each cart that its member left alone, if they said that we may."""
    moment = now()
    last = Reminder.objects.filter(member_id=OuterRef("member_id")).order_by("-posted_at")
    written = Reminder.objects.filter(cart_id=OuterRef("pk"), touched_at=OuterRef("touched_at"))
    carts = (
        Cart.objects.filter(
            touched_at__lte=moment - REMIND_AFTER, touched_at__gte=moment - REMIND_BEFORE,
            member_id__in=mailable(Member.objects.filter(closed_at=None), "reminder").values("id"),
            lines__saved=False,
        )
        .exclude(Exists(written))
        .annotate(last=Subquery(last.values("posted_at")[:1]))
        .distinct()
        .order_by("touched_at")[:limit]
    )  # fmt: skip
    site = Site.objects.get(id=current_site_id())
    return sum(
        _remind(site, cart)
        for cart in carts
        if is_time_to_remind(cart.touched_at, cart.last, moment)
    )


def _remind(site: Site, cart: Cart) -> bool:
    """One letter about one cart. Nothing when it was placed or emptied meanwhile."""
    with transaction.atomic():
        member = Member.objects.get(id=cart.member_id)
        lines = _lines(cart)
        if not lines or member.profile_id is None or _ordered_since(member.pk, cart.touched_at):
            return False
        made, is_new = Reminder.objects.get_or_create(
            site_id=site.pk, cart_id=cart.pk, touched_at=cart.touched_at,
            defaults={"member_id": member.pk},
        )  # fmt: skip
        if not is_new:
            return False
        address = way_out(site, member, "reminder")
        message = render(
            "reminder", language=member.language, site=site, origin=origin(site), lines=lines,
            link=f"{origin(site)}/back/{made.pk}/", way_out=address,
        )  # fmt: skip
        post(
            record_id=member.profile_id, purpose="reminder.cart", subject=message.subject,
            text=message.text, html=message.html, dedupe_key=f"reminder:{made.pk}",
            unsubscribe=address,
        )  # fmt: skip
        return True


def _lines(cart: Cart) -> list[SimpleNamespace]:
    kept = list(CartLine.objects.filter(cart=cart, saved=False))
    found = sold_to(offers(line.sku_id for line in kept), cart.member_id)
    return [_said(line, found[line.sku_id]) for line in kept if line.sku_id in found]


def _said(line: CartLine, offer: Offer) -> SimpleNamespace:
    price_yen = offer.price_yen + hem_fee(offer, line.hem_mm)
    return SimpleNamespace(
        name=offer.name, colour=offer.colour, size=offer.size, quantity=line.quantity,
        unit_price_yen=price_yen, total_yen=price_yen * line.quantity,
        hem_cm=hem_cm(line.hem_mm),
    )  # fmt: skip


def _ordered_since(member_id: UUID, moment: dt.datetime) -> bool:
    return Order.objects.filter(member_id=member_id, placed_at__gte=moment).exists()


def after_order(order_id: UUID) -> None:
    """Follows `order.placed`: whether a reminder came before it."""
    order = Order.objects.get(id=order_id)
    bought_after_reminder(order.pk, order.member_id)


def take_returns() -> int:
    """Members whose letters came back are not written to, except about their orders."""
    found = returned_since(now() - RETURNS_LOOK_BACK)
    with transaction.atomic():
        return Member.objects.filter(profile_id__in=found, unmailable_at=None).update(
            unmailable_at=now()
        )
