"""Files of products with their first stock: looked through by the worker, then, when somebody has
seen what would change, taken in batch by batch; and undone as a whole."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lockstitch.catalogue import shopify
from lockstitch.catalogue.editing import remember, restored, save
from lockstitch.catalogue.files import Unreadable, csv_lines, is_excel, rows_of
from lockstitch.catalogue.importing import Import, Report, resolve
from lockstitch.catalogue.models import ImportRun, Product, Revision
from lockstitch.catalogue.queries import ids_of_products
from lockstitch.catalogue.reading import batches
from lockstitch.catalogue.sheet import Fault, Given, headings, read
from lockstitch.catalogue.sheet import rows_of as sheet_rows
from lockstitch.catalogue.shopify_out import HEAD, given_of
from lockstitch.catalogue.shopify_out import rows_of as shopify_rows
from lockstitch.inventory.intake import first_stock
from lockstitch.inventory.models import Stock
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused

FILE_MAX = 20_000_000
ASKED = "goods.file"  # the worker has something to do with a run
UNDOABLE = "done"


def givens(file: BinaryIO, form: str, rate: Decimal, report: Report) -> Iterator[Given]:
    """The products of a file of either form. Raises Unreadable."""
    if form != "shopify":
        yield from read(rows_of(file), resolve)
        return
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        products, pieces, said = shopify.read(text, rate=rate, published=now())
    except (shopify.Unreadable, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
    finally:
        text.detach()
    report.notes += [Fault(note.row, "", note.text) for note in said.notes]
    report.faults += [Fault(note.row, "", note.text) for note in said.refused]
    report.fault_count += len(said.refused)
    report.refused += len(said.refused)
    known = ids_of_products([new.slug for new in products])
    for new in products:
        yield given_of(new, pieces, 0, is_new=new.slug not in known)


def form_of(head: bytes) -> str:
    """`shopify` or `sheet`, by the file's first line."""
    first = head.split(b"\n", 1)[0].lower()
    return "shopify" if not is_excel(head) and b"handle" in first else "sheet"


def begin(data: bytes, name: str, *, rate: Decimal, by: UUID) -> UUID:
    """Takes a file; the worker looks through it. Raises Refused."""
    if len(data) > FILE_MAX:
        raise Refused(_("The file is too large."))
    with transaction.atomic():
        run: ImportRun = ImportRun.objects.create(
            name=name[-120:], form=form_of(data[:4_000]), data=data, rate=rate, by=by
        )
        announce(ASKED, run_id=run.id)
        return run.id


def confirm(run_id: UUID) -> None:
    """What was looked through may be taken in."""
    _ask(run_id, "checked", "applying")


def revoke(run_id: UUID) -> None:
    """What a finished run changed goes back to what it was before."""
    _ask(run_id, UNDOABLE, "undoing")


def _ask(run_id: UUID, before: str, after: str) -> None:
    with transaction.atomic():
        changed = ImportRun.objects.filter(id=run_id, state=before).update(state=after, done=0)
        if not changed:
            raise Refused(_("This file is not waiting for that."))
        announce(ASKED, run_id=run_id)


def work(run_id: UUID, *, second: bool) -> None:
    """What the worker does: safe to run twice, and begun again after a kill. With `second`, prices
    under cost wait for another person than who brought the file."""
    run = ImportRun.objects.filter(id=run_id).first()
    if run is None:
        raise NotFound(_("There is no such file."))
    if run.state == "undoing":
        _undo(run, second=second)
    elif run.state in ("checking", "applying"):
        _go(run, second=second)


def _go(run: ImportRun, *, second: bool) -> None:
    report = Report()
    done = 0
    way = Import(by=run.by, run=run.id, report=report, second=second)
    try:
        found = givens(io.BytesIO(bytes(run.data)), run.form, run.rate, report)
        is_look = run.state == "checking"
        steps = way.look(found) if is_look else way.apply(found, first_stock)
        for count in steps:
            done += count
            ImportRun.objects.filter(id=run.id).update(
                done=done, **({"total": done} if is_look else {})
            )
    except Unreadable as error:
        ImportRun.objects.filter(id=run.id).update(
            state="failed", report={"error": str(error)}, data=b""
        )
        return
    kept = report.as_json()
    if not is_look:
        kept = {**run.report, "unwritten": report.refused}
    after = {"state": "checked"} if is_look else {"state": "done", "data": b""}
    ImportRun.objects.filter(id=run.id).update(report=kept, done=done, **after)


def _undo(run: ImportRun, *, second: bool) -> None:
    """Each product that this run wrote last goes back; one that somebody changed since stays, and
    one that was new goes off sale."""
    mine = Revision.objects.filter(run=run.id).order_by("product_id")
    stayed = []
    for row in mine.iterator(chunk_size=200):
        with transaction.atomic():
            product = Product.objects.select_for_update().get(id=row.product_id)
            if product.version != row.version:
                last = Revision.objects.filter(product_id=product.id, version=product.version)
                if not last.filter(verb="undo", by=run.by).exists():
                    stayed.append(product.slug)
                continue
            before = Revision.objects.filter(product_id=product.id, version__lt=row.version).first()
            if before is None:
                Product.objects.filter(id=product.id).update(published_from=None)
                remember([product.slug], by=run.by, verb="undo")
                continue
            save(
                restored(before, product.id), product_id=product.id, version=product.version,
                by=run.by, verb="undo", second=second,
            )  # fmt: skip
    ImportRun.objects.filter(id=run.id).update(
        state="undone", report={**run.report, "stayed": stayed[:100]}
    )


def runs(limit: int = 30) -> list[ImportRun]:
    return list(ImportRun.objects.defer("data").order_by("-at")[:limit])


def find_run(run_id: UUID) -> ImportRun | None:
    found: ImportRun | None = ImportRun.objects.defer("data").filter(id=run_id).first()
    return found


def out(form: str, *, language: str = "en") -> Iterator[list[str]]:
    """The whole catalogue as rows of either form, its heading first."""
    yield list(HEAD) if form == "shopify" else headings(language)
    for batch in batches():
        stock = _stock([sku.code for kept in batch for sku in kept.new.skus])
        for kept in batch:
            rows = shopify_rows if form == "shopify" else sheet_rows
            yield from rows(kept.new, stock)


def _stock(codes: list[str]) -> dict[str, int]:
    rows = Stock.objects.filter(sku__code__in=codes).exclude(location__kind="due")
    rows = rows.values_list("sku__code")
    return dict(rows.annotate(pieces=Sum("on_hand")))


def as_csv(form: str, *, cp932: bool = False) -> Iterator[bytes]:
    """In CP932 with Japanese headings, by which it is known for what it is when it comes back."""
    return csv_lines(out(form, language="ja" if cp932 else "en"), cp932=cp932)
