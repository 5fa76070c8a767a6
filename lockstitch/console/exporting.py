"""The catalogue as a file that is written while it is sent."""

import io
from collections.abc import Iterator

from lockstitch.catalogue.files import write_excel
from lockstitch.inventory.runs import as_csv, out
from lockstitch.kernel.clock import JST, now
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {
    "csv": "text/csv; charset=utf-8", "cp932": "text/csv; charset=Shift_JIS", "xlsx": XLSX,
    "shopify": "text/csv; charset=utf-8",
}  # fmt: skip
PIECE = 1 << 16


def answered(site: Site, form: str) -> tuple[Iterator[bytes], str, str] | None:
    """(pieces, type, name of the file); None for no such form."""
    if form not in FORMS:
        return None
    ending = "xlsx" if form == "xlsx" else "csv"
    name = f"products-{form}-{now().astimezone(JST):%Y%m%d-%H%M}.{ending}"
    return _pieces(site, form), FORMS[form], name


def _pieces(site: Site, form: str) -> Iterator[bytes]:
    with scope(site.id):  # the view has ended when these are read
        if form == "xlsx":
            book = io.BytesIO()
            write_excel(out("sheet"), book)
            book.seek(0)
            while piece := book.read(PIECE):
                yield piece
            return
        gathered = bytearray()
        for line in as_csv("shopify" if form == "shopify" else "sheet", cp932=form == "cp932"):
            gathered += line
            if len(gathered) >= PIECE:
                yield bytes(gathered)
                gathered.clear()
        yield bytes(gathered)
