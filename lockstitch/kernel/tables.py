"""CSV files as they come from people: decoded, counted, and nothing read that could do harm."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from lockstitch.kernel.errors import Refused

BYTES_MAX, COLUMNS_MAX, CELL_MAX = 20_000_000, 200, 4_000


def decoded(data: bytes) -> str:
    """UTF-8 with or without a mark, else CP932. Raises Refused for neither, or for no text."""
    if len(data) > BYTES_MAX:
        raise Refused(_("The file is too large."))
    if b"\0" in data:
        raise Refused(_("The file is no text."))
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The file is neither UTF-8 nor CP932."))


def table(data: bytes, *, rows_max: int) -> list[list[str]]:
    """Every row, the heading too, which does not count. Raises Refused."""
    found = []
    for row in checked(io.StringIO(decoded(data), newline="")):
        found.append(row)
        if len(found) > rows_max + 1:
            raise Refused(_("The file has too many rows."))
    return found


def checked(lines: Iterable[str]) -> Iterator[list[str]]:
    """Row by row, also of a file that is too long for the memory. Raises Refused."""
    try:
        for row in csv.reader(lines):
            if len(row) > COLUMNS_MAX or any(len(cell) > CELL_MAX for cell in row):
                raise Refused(_("The file has too many columns, or a cell that is too long."))
            yield row
    except csv.Error:
        raise Refused(_("The file is damaged.")) from None
