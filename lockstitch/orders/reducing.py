"""Giving up a part of an order: pieces before they left (cancel) or after (return)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, note
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.orders.rules import Back, split_back, tax_given_up, tax_of, worth

STANDARD_RATE_BP = 1000  # of shipping, fees and wrapping
COUNTER = {"cancel": "cancelled", "return": "returned"}


def reduce(
    order: Order, pieces: Mapping[UUID, int], *, kind: str, reference: UUID, by: By,
    charges_yen: int = 0,
) -> Back:  # fmt: skip
    """Gives up `pieces` (line key -> how many) of a locked order, at what was paid for them.

    `charges_yen` is what is given back of shipping, fee and wrapping. Nothing is priced anew:
    whatever is given up in whatever steps, all parts sum to the order to the yen. Returns what
    goes back as money and as points; moving them is the caller's. Raises Refused when a line has
    not so many pieces; running twice with one reference breaks a unique constraint.
    """
    with transaction.atomic():
        lines = {line.key: line for line in order.current_lines}
        left_of_charges = order.charges_yen - _charges_given(order)
        if charges_yen > left_of_charges:
            raise Refused(_("More charges than the order has."))
        bases = _bases(lines.values(), left_of_charges)
        given: list[Reduction] = []
        for key, count in pieces.items():
            given.append(_reduction(order, lines.get(key), count, kind))
        if charges_yen:
            given.append(Reduction.here(order=order, line=None, kind=kind, yen=charges_yen))
        running = dict(bases)
        for row in given:
            rate = row.line.tax_rate_bp if row.line else STANDARD_RATE_BP
            taxes = tax_given_up(running, {rate: row.yen})
            running[rate] -= row.yen
            row.reference, row.by = reference, by.id
            row.taxes = {str(rate): tax for rate, tax in taxes.items()}
        Reduction.objects.bulk_create(given)
        touched = [row.line for row in given if row.line]
        OrderLine.objects.bulk_update(touched, [COUNTER[kind]])
        back = split_back(sum(row.yen for row in given), money_left=order.money_yen)
        order.reduced_yen += back.total_yen
        order.money_back_yen += back.money
        order.points_back_yen += back.points
        order.save(update_fields=["reduced_yen", "money_back_yen", "points_back_yen"])
        note(
            order, f"{kind}_pieces", by=by,
            facts={"money_yen": back.money, "points_yen": back.points,
                   "pieces": {str(key): count for key, count in pieces.items()}},
        )  # fmt: skip
        return back


def extend(order: Order, lines: Sequence[OrderLine], by: By, *, points_yen: int = 0) -> None:
    """Adds lines to a locked order, as an exchange does; taxes grow by what the sum does. Of what
    they cost, `points_yen` is paid in points."""
    with transaction.atomic():
        own = order.current_lines
        before = _bases(own, order.charges_yen - _charges_given(order))
        after = Counter(before)
        for position, line in enumerate(lines, start=len(own) + 1):
            line.site_id, line.order_id, line.position = order.site_id, order.pk, position
            line.revision = order.revision
            after[line.tax_rate_bp] += line.net_yen
            order.items_yen += line.total_yen
            order.discount_yen += line.discount_yen
            order.total_yen += line.net_yen
        OrderLine.objects.bulk_create(lines)
        was, now = tax_of(before), tax_of(after)
        order.taxes = {
            str(rate): order.taxes.get(str(rate), 0) + now.get(rate, 0) - was.get(rate, 0)
            for rate in sorted({*map(int, order.taxes), *after})
        }
        order.points_yen += points_yen
        order.save(update_fields=["items_yen", "discount_yen", "total_yen", "points_yen", "taxes"])
        note(order, "extended", by=by, facts={"yen": sum(line.net_yen for line in lines)})


def _reduction(order: Order, line: OrderLine | None, count: int, kind: str) -> Reduction:
    room = 0 if line is None else line.open if kind == "cancel" else line.kept
    if line is None or not 0 < count <= room:
        raise Refused(_("There are not so many pieces to give back."))
    yen = worth(line.net_yen, line.quantity, before=line.given_back, pieces=count)
    setattr(line, COUNTER[kind], getattr(line, COUNTER[kind]) + count)
    return Reduction.here(order=order, line=line, kind=kind, quantity=count, yen=yen)


def _charges_given(order: Order) -> int:
    rows = Reduction.objects.filter(order=order, line=None)
    return sum(rows.values_list("yen", flat=True))


def goods_yen(order: Order) -> int:
    """What the goods that are not given up were bought for."""
    return sum(_left(line) for line in order.current_lines)


def _left(line: OrderLine) -> int:
    return line.net_yen - line.net_yen * line.given_back // line.quantity


def _bases(lines: Iterable[OrderLine], charges_yen: int) -> dict[int, int]:
    """Rate -> what is left of the order at that rate."""
    bases: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        bases[line.tax_rate_bp] += _left(line)
    bases[STANDARD_RATE_BP] += charges_yen
    return dict(bases)
