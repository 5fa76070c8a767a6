"""Products from a file, a batch at a time: compared with what is there, and only what differs is
written. A repeat finds no difference and writes nothing, so that a killed import is begun anew."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.actions import EVERY, keep_products
from lockstitch.catalogue.checks import faults as faults_of
from lockstitch.catalogue.columns import COLUMNS
from lockstitch.catalogue.editing import baseline, remember
from lockstitch.catalogue.models import Product, Sku
from lockstitch.catalogue.preparing import not_ready, withheld
from lockstitch.catalogue.reading import Kept, wholes
from lockstitch.catalogue.sheet import Fault, Given, merge
from lockstitch.catalogue.shopify_out import fit
from lockstitch.catalogue.under_cost import Held, hold, keep_waits
from lockstitch.catalogue.whole import Change, NewProduct, changes, state_of
from lockstitch.kernel.text import folded

BATCH = 100
FAULTS_SHOWN, SAMPLES_SHOWN, CHANGES_SHOWN = 500, 100, 30

# (SKU code -> SKU id, SKU code -> pieces): what stock does with a batch.
Stocked = Callable[[Mapping[str, UUID], Mapping[str, int]], None]


@dataclass
class Report:
    """What came of a file, or would; `faults` are the first of `fault_count`."""

    products: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    skus: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    samples: list[tuple[str, list[Change]]] = field(default_factory=list)

    def add(self, planned: "Planned") -> None:
        self.products += 1
        self.skus += len(planned.new.skus)
        if planned.faults:
            self.refused += 1
            self.fault_count += len(planned.faults)
            self.faults += planned.faults[: max(0, FAULTS_SHOWN - len(self.faults))]
        elif planned.old is None:
            self.new += 1
        elif planned.changes:
            self.changed += 1
        else:
            self.unchanged += 1
        if planned.held.waits and not planned.faults:
            text = _("Under cost: waits for a second person (%(count)s SKUs).")
            said = text % {"count": len(planned.held.waits)}
            self.notes.append(Fault(planned.given.row, "price", said))
        if not planned.faults and planned.changes and len(self.samples) < SAMPLES_SHOWN:
            self.samples.append((planned.new.slug, planned.changes[:CHANGES_SHOWN]))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Report":
        known = dict(kept)
        for name in ("faults", "notes"):
            known[name] = [Fault(**fault) for fault in kept.get(name, [])]
        known["samples"] = [
            (slug, [Change(**change) for change in some]) for slug, some in kept.get("samples", [])
        ]
        return cls(**known)


@dataclass
class Planned:
    """A product as it would be. `changes` is empty for a new one, and for one that stays."""

    given: Given
    old: Kept | None
    new: NewProduct
    changes: list[Change]
    faults: list[Fault]
    held: Held = field(default_factory=Held)


class Import:
    """A file on its way. `seen` remembers which product a SKU or JAN was first seen with. With
    `second`, prices under cost wait for somebody else."""

    def __init__(
        self, *, by: UUID | None, run: UUID | None = None, report: Report | None = None,
        second: bool = False,
    ) -> None:  # fmt: skip
        self.by, self.run, self.report, self.second = by, run, report or Report(), second
        self.seen: dict[str, str] = {}

    def look(self, givens: Iterable[Given]) -> Iterator[int]:
        """Says what would come of it; yields how many products were looked at."""
        for batch in batched(givens, BATCH, strict=False):
            for planned in self._plan(batch):
                self.report.add(planned)
            yield len(batch)

    def apply(self, givens: Iterable[Given], stocked: Stocked) -> Iterator[int]:
        """Takes it in, a transaction for each batch; yields after each, still within it."""
        for batch in batched(givens, BATCH, strict=False):
            with transaction.atomic():
                self._write(self._plan(batch, lock=True), stocked)
                yield len(batch)

    def _write(self, plan: list[Planned], stocked: Stocked) -> None:
        for planned in plan:
            self.report.add(planned)
        good = [one for one in plan if not one.faults]
        if self.second:
            keep_waits({one.old.id: one.held for one in good if one.old}, self.by)
        written = [one for one in good if one.old is None or one.changes]
        if not written:
            return
        baseline([one.old for one in written if one.old])
        ids = keep_products([one.new for one in written], named=EVERY)
        self._withhold(written)
        remember([one.new.slug for one in written], by=self.by, verb="import", run=self.run)
        pieces = {code: n for one in written for code, n in one.given.pieces.items()}
        stocked(ids, pieces)

    def _withhold(self, written: list[Planned]) -> None:
        """What would be shown for the first time and is not ready stays a draft, and is named."""
        coming = {
            one.new.slug: one for one in written
            if one.new.published and not (one.old and one.old.new.published)
        }  # fmt: skip
        held = withheld(coming)
        if held:
            Product.objects.filter(slug__in=held).update(published_from=None)
        for slug, steps in held.items():
            row = coming[slug].given.row
            self.report.notes.append(Fault(row, "published_from", not_ready(steps)))

    def _plan(self, batch: Iterable[Given], *, lock: bool = False) -> list[Planned]:
        slugs = [given.slug for given in batch]
        rows = Product.objects.filter(slug__in=slugs)
        if lock:
            rows = rows.select_for_update(of=("self",))
        known = {kept.new.slug: kept for kept in wholes(rows)}
        plan = [_planned(given, known.get(given.slug), second=self.second) for given in batch]
        self._clashes(plan)
        return plan

    def _clashes(self, plan: list[Planned]) -> None:
        """SKUs and JANs that are another product's, in the shop or earlier in the file."""
        codes = {folded(sku.code): one for one in plan for sku in one.new.skus}
        gtins = {sku.gtin: one for one in plan for sku in one.new.skus if sku.gtin}
        taken = {
            **_owners("code_folded", codes), **_owners("gtin", gtins)
        }  # fmt: skip
        for one in plan:
            rows = {(row.colour, row.size): row.row for row in one.given.skus}
            for sku in one.new.skus:
                for column, key in (("sku", folded(sku.code)), ("jan", sku.gtin)):
                    owner = self.seen.setdefault(key, one.new.slug) if key else one.new.slug
                    owner = taken.get(key, owner) if owner == one.new.slug else owner
                    if owner != one.new.slug:
                        row = rows.get((sku.colour, sku.size), one.given.row)
                        text = _("It belongs to %(product)s.") % {"product": owner}
                        one.faults.append(Fault(row, column, text))


def _owners(name: str, keys: Mapping[str, Any]) -> dict[str, str]:
    rows = Sku.objects.filter(**{f"{name}__in": list(keys)})
    return dict(rows.values_list(name, "product__slug"))


def _planned(given: Given, old: Kept | None, *, second: bool) -> Planned:
    if not given.slug:  # nobody knows whose row it is: that is fault enough
        return Planned(given, None, NewProduct("", "", {}, [], [], []), [], given.faults)
    if given.all_skus and old:
        fit(given, old.new)
    new = merge(old.new if old else None, given)
    found, held, wrong = list(given.faults), Held(), list(faults_of(new))
    if second and not wrong:
        new, held, wrong = hold(new, old.new if old else None)
    rows = {(row.colour, row.size): row.row for row in given.skus}
    for fault in wrong:
        row = (
            rows.get((fault.path[1], fault.path[2]), given.row)
            if fault.path[0] == "sku"
            else given.row
        )
        found.append(Fault(row, _column(fault.path), fault.text))
    before = state_of(old.new) if old else {}
    return Planned(given, old, new, changes(before, state_of(new)) if old else [], found, held)


_COLUMN = {(column.of, column.field): column.name for column in reversed(COLUMNS)}


def _column(path: tuple[str, ...]) -> str:
    of = path[0] if path[0] in ("colour", "size", "sku") and len(path) > 1 else "product"
    return _COLUMN.get((of, path[-1] if of != "product" else path[0]), path[0])


def resolve(codes: list[str]) -> dict[str, str]:
    """SKU as typed -> its product."""
    typed = {folded(code): code for code in codes if code}
    rows = Sku.objects.filter(code_folded__in=typed).values_list("code_folded", "product__slug")
    return {typed[code]: slug for code, slug in rows}
