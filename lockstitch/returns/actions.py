"""Taking goods back: asking, deciding, inspecting. What was paid goes back by itself, and an
exchanged piece enters the order that the first one was bought with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue import queries as catalogue
from lockstitch.inventory import actions as inventory
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.text import localised
from lockstitch.members import points
from lockstitch.orders.actions import By, lock, move
from lockstitch.orders.models import Order, OrderLine
from lockstitch.orders.reducing import extend, goods_yen, reduce
from lockstitch.orders.rules import Back, worth
from lockstitch.payments import actions as payments
from lockstitch.pricing.queries import terms
from lockstitch.returns.models import Return, ReturnEvent, ReturnLine
from lockstitch.returns.queries import asked_for, sent_and_delivered
from lockstitch.returns.rules import DISPOSITIONS, MEASURES, may_move, refusal


@dataclass(frozen=True)
class Wish:
    """Pieces of a line that go back; `wanted_sku_id` is what comes instead."""

    line_key: UUID
    quantity: int
    reason: str
    measure: str = ""
    wanted_sku_id: UUID | None = None


@dataclass(frozen=True)
class Verdict:
    """What inspection found of a return line: pieces taken back, and where they go."""

    accepted: int
    disposition: str


def ask(
    order_id: UUID, wishes: Sequence[Wish], *, by: By, note_record_id: UUID | None = None
) -> Return:
    """A buyer's (or, with an operator's `by`, a noted) wish to send pieces back.

    What is wanted instead is put aside at once. Raises Refused with a sentence for what the rules
    of the site do not allow, inventory.NotEnough when the other piece is gone.
    """
    with transaction.atomic():
        order = lock(order_id)
        if not wishes:
            raise Refused(_("Choose what you want to send back."))
        lines = {line.key: line for line in order.current_lines}
        asked = asked_for(order)
        made: Return = Return.objects.create(order=order, note_record_id=note_record_id)
        wanted: Counter[UUID] = Counter()
        for wish in wishes:
            line = lines.get(wish.line_key)
            room = line.kept - asked[line.pk] if line else 0
            if line is None or not 0 < wish.quantity <= room:
                raise Refused(_("There are not so many pieces to send back."))
            if by.kind != "operator":
                _check_rules(order, line, wish)
            if wish.wanted_sku_id is not None:
                _check_exchange(line, wish.wanted_sku_id)
                wanted[wish.wanted_sku_id] += wish.quantity
            ReturnLine.objects.create(
                ret=made, line=line, quantity=wish.quantity, reason=wish.reason,
                measure=wish.measure if wish.measure in MEASURES else "",
                wanted_sku_id=wish.wanted_sku_id,
            )  # fmt: skip
        if wanted:
            inventory.move(wanted, reason="allocate", reference=made.id)
        _event(made, "", "asked", by)
        announce("return.asked", return_id=made.id)
        return made


def decide(return_id: UUID, state: str, by: By, *, reason: str = "", at_once: bool = False) -> None:
    """Approves, refuses or withdraws. `at_once`: the exchange leaves before the goods are back.

    Raises Refused when that is no longer possible.
    """
    with transaction.atomic():
        found = _hold(return_id)
        _move(found, state, by, reason)
        if state in {"refused", "withdrawn"}:
            _let_go(found)
        elif state == "approved" and at_once:
            found.at_once = True
            found.save(update_fields=["at_once"])
            _exchange(found, {line.pk: line.quantity for line in found.lines.all()}, by)
        announce(f"return.{state}", return_id=found.id)


def inspect(return_id: UUID, verdicts: Mapping[UUID, Verdict], by: By) -> Back:
    """検品: the goods are here. Takes them back, gives money and points back, restocks or writes
    off, and puts the exchanged piece into the order; all in one transaction.

    `verdicts` by return line. Returns what went back in all. Raises Refused.
    """
    with transaction.atomic():
        found = _hold(return_id)
        _move(found, "received", by)
        lines = list(found.lines.select_related("line"))
        for line in lines:
            verdict = verdicts.get(line.pk)
            if verdict is None or not 0 <= verdict.accepted <= line.quantity:
                raise Refused(_("Say for each line how many pieces are taken back."))
            if verdict.disposition not in DISPOSITIONS:
                raise Refused(_("Say where the pieces go."))
            line.accepted, line.disposition = verdict.accepted, verdict.disposition
        ReturnLine.objects.bulk_update(lines, ["accepted", "disposition"])
        back = _exchange(found, {line.pk: line.accepted or 0 for line in lines}, by)
        _put_away(found, lines, by)
        _let_go(found)
        _move(found, "closed", by)
        found.closed_at = now()
        found.save(update_fields=["closed_at"])
        announce("return.closed", return_id=found.id)
        return back


def _check_rules(order: Order, line: OrderLine, wish: Wish) -> None:
    sent_on, delivered_on = sent_and_delivered(order)
    why = refusal(
        reason=wish.reason, is_final_sale=line.is_final_sale, sent_on=sent_on,
        delivered_on=delivered_on, today=today_jst(), days=terms().return_days,
    )  # fmt: skip
    if why == "final_sale" and line.hem_mm:
        raise Refused(
            _("%(name)s was hemmed to %(cm)s cm for you and is not taken back unless it is faulty.")
            % {"name": localised(line.name), "cm": line.hem_cm}
        )
    if why:
        raise Refused(_SENTENCES[why]())


_SENTENCES = {
    "reason": lambda: _("Say why you want to send it back."),
    "unsent": lambda: _("This has not been sent yet. You can cancel it instead."),
    "final_sale": lambda: _("This was sold without the right to return it."),
    "late": lambda: _("The time in which this could be returned is over."),
}


def _check_exchange(line: OrderLine, sku_id: UUID) -> None:
    offer = catalogue.offers([sku_id]).get(sku_id)
    if offer is None or (line.product_id and offer.product_id != line.product_id):
        raise Refused(_("Choose another size or colour of the same product."))
    if line.hem_mm and not (offer.hem and line.hem_mm in offer.hem.lengths):
        raise Refused(_("This size cannot be hemmed to %(cm)s cm.") % {"cm": line.hem_cm})


def _exchange(found: Return, pieces: Mapping[UUID, int], by: By) -> Back:
    """Gives up `pieces` (return line -> how many) and adds what comes instead; once a line."""
    order = lock(found.order_id)
    lines = [
        line
        for line in found.lines.select_related("line")  # as they are now: the order is locked
        if pieces.get(line.pk) and not line.exchanged
    ]
    if not lines:
        return Back(0, 0)
    instead = [line for line in lines if line.wanted_sku_id]
    added = _replacements(instead, pieces)
    goods_before, reference = goods_yen(order), uuid4() if found.at_once else found.id
    back = reduce(
        order, {line.line.key: pieces[line.pk] for line in lines}, kind="return",
        reference=reference, by=by,
    )  # fmt: skip
    added_yen = sum(line.net_yen for line in added)
    again = min(back.points, max(0, added_yen - back.money))  # points that pay the new piece
    if added:
        extend(order, added, by, points_yen=again)
        _hand_stock_over(found, order, added, by)
    _settle_points(order, back.points - again, back.total_yen - added_yen, goods_before, reference)
    payments.amend(order, by, reference)  # only the difference moves
    for line in lines:
        line.exchanged = True
    ReturnLine.objects.bulk_update(lines, ["exchanged"])
    return back


def _replacements(lines: Sequence[ReturnLine], pieces: Mapping[UUID, int]) -> list[OrderLine]:
    """What comes instead: at what was paid, and the difference of today's prices if any."""
    offers = catalogue.offers(
        [*(line.wanted_sku_id for line in lines if line.wanted_sku_id),
         *(line.line.sku_id for line in lines)]
    )  # fmt: skip
    made = []
    for line in lines:
        old, count = line.line, pieces[line.pk]
        offer = offers.get(line.wanted_sku_id) if line.wanted_sku_id else None
        if offer is None:
            raise Refused(_("This item is not on sale."))
        was = offers.get(old.sku_id)
        more = offer.price_yen - was.price_yen if was else 0
        if old.set_id and was and was.colour_code == offer.colour_code:
            more = 0  # a set costs the same in every size
        unit = max(0, old.unit_price_yen + more)
        paid = worth(old.net_yen, old.quantity, before=old.given_back, pieces=count)
        off = min(old.unit_price_yen * count - paid, unit * count)
        made.append(
            OrderLine(
                destination=old.destination, sku_id=offer.sku_id, product_id=offer.product_id,
                sku_code=offer.code, name=offer.name, colour=offer.colour, size=offer.size,
                picture_key=offer.picture_key, product_slug=offer.product_slug,
                is_final_sale=old.is_final_sale, tax_rate_bp=old.tax_rate_bp, exchanges=old.key,
                hem_mm=old.hem_mm, hem_fee_yen=min(old.hem_fee_yen, unit),
                hem_agreed_at=old.hem_agreed_at, outlet_note=offer.outlet_note,
                unit_price_yen=unit, quantity=count, total_yen=unit * count, discount_yen=off,
                net_yen=unit * count - off,
            )
        )  # fmt: skip
    return made


def _hand_stock_over(found: Return, order: Order, added: Sequence[OrderLine], by: By) -> None:
    """What was put aside for the return is now promised to the order, and the order is open."""
    pieces = Counter[UUID]()
    for line in added:
        pieces[line.sku_id] += line.quantity
    step = uuid4()
    inventory.move(pieces, reason="release", reference=step, of=found.id, by=by.id)
    inventory.move(pieces, reason="allocate", reference=step, of=order.id, by=by.id)
    move(order, "exchanged", by, status="placed", fulfilment="part")


def _settle_points(
    order: Order, points_back: int, given_up_yen: int, of_yen: int, reference: UUID
) -> None:
    if order.member_id is None:
        return
    if points_back:
        points.restore(order.id, points_back, reference=str(reference))
    points.reverse_share(
        order.id, given_up_yen=given_up_yen, of_yen=of_yen, reference=str(reference)
    )


def _put_away(found: Return, lines: Sequence[ReturnLine], by: By) -> None:
    """Back into sale, or written off; an outlet piece is kept out of sale by an operator's move."""
    kept: Counter[UUID] = Counter()
    scrapped: Counter[UUID] = Counter()
    for line in lines:
        if line.accepted:
            kept[line.line.sku_id] += line.accepted
            if line.disposition == "scrap":
                scrapped[line.line.sku_id] += line.accepted
    if kept:
        inventory.move(kept, reason="return", reference=found.id, by=by.id)
    if scrapped:
        inventory.move(scrapped, reason="write_off", reference=found.id, by=by.id)


def _let_go(found: Return) -> None:
    """What was put aside and is not exchanged after all can be sold again."""
    left = Counter[UUID]()
    for line in found.lines.filter(wanted_sku_id__isnull=False):
        taken = (line.quantity if found.at_once else line.accepted or 0) if line.exchanged else 0
        if line.wanted_sku_id and line.quantity > taken:
            left[line.wanted_sku_id] += line.quantity - taken
    if left:
        inventory.move(left, reason="release", reference=found.id)


def _hold(return_id: UUID) -> Return:
    """Locks the order first: everything that moves goods of it waits there."""
    found: Return | None = Return.objects.filter(id=return_id).first()
    if found is None:
        raise NotFound(_("There is no such return."))
    lock(found.order_id)
    held: Return = Return.objects.select_for_update().get(id=return_id)
    return held


def _move(found: Return, state: str, by: By, reason: str = "") -> None:
    if not may_move(found.state, state):
        raise Refused(_("The return has changed meanwhile. Please look at it again."))
    _event(found, found.state, state, by, reason)
    found.state = state
    found.save(update_fields=["state"])


def _event(found: Return, was: str, became: str, by: By, reason: str = "") -> None:
    ReturnEvent.objects.create(
        ret=found, was=was, became=became, reason=reason[:120], by_kind=by.kind, by_id=by.id
    )
