"""Tables as they come from people and go to them: CSV in UTF-8 or CP932, and Excel. Rows one by
one, so that a file may be longer than the memory."""

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import escape
from typing import IO, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

COLUMNS_MAX, CELL_MAX, ROWS_MAX = 400, 100_000, 1_000_000
UNPACKED_MAX = 400_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
REFERENCE = re.compile(r"&#x([0-9A-F]{1,6});")


class Unreadable(ValueError):
    """No such file at all; the text says why."""


def is_excel(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def rows_of(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of a CSV or of an Excel file's first sheet, as text. Raises Unreadable."""
    start = file.read(4)
    file.seek(0)
    for number, row in enumerate(_excel(file) if is_excel(start) else _csv(file)):
        if len(row) > COLUMNS_MAX or any(len(cell) > CELL_MAX for cell in row) or number > ROWS_MAX:
            raise Unreadable("too many rows or columns, or a cell that is too long")
        yield row


def _csv(file: BinaryIO) -> Iterator[list[str]]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        for row in csv.reader(text, strict=True):
            plain = [_unguarded(cell) for cell in row]
            yield [_dereferenced(cell) for cell in plain] if encoding == "cp932" else plain
    except csv.Error as error:
        raise Unreadable(f"damaged: {error}") from None
    finally:
        with suppress(ValueError):  # the file was closed before all rows were asked for
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 with or without a mark, else CP932: the whole of it is read, a piece at a time."""
    for encoding in ("utf-8-sig", "cp932"):
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while piece := file.read(1 << 20):
                if b"\0" in piece:
                    raise Unreadable("no text")
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise Unreadable("neither UTF-8 nor CP932")


def _excel(file: BinaryIO) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_MAX:
                raise Unreadable("too large when unpacked")
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_cell(value) for value in row]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, OSError) as error:
        raise Unreadable(f"no Excel file: {error}") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)  # a date as 2026-12-01 00:00:00


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(("'", *FORMULA)) else cell


def _guarded(cell: str) -> str:
    """What a spreadsheet would take for a formula gets a ', which reading takes away again."""
    return f"'{cell}" if cell.startswith(("'", *FORMULA)) else cell


def _dereferenced(cell: str) -> str:
    return REFERENCE.sub(lambda hit: chr(min(int(hit[1], 16), 0x10FFFF)), cell)


def in_cp932(text: str, told: Counter[str]) -> str:
    """What CP932 cannot hold as `&#x20BB7;`, which reading turns back; `told` counts it."""
    text = text.replace("&#x", "&#x26;#x")
    if _fits(text):
        return text
    done = []
    for character in text:
        if _fits(character):
            done.append(character)
        else:
            told[character] += 1
            done.append(f"&#x{ord(character):X};")
    return "".join(done)


def _fits(text: str) -> bool:
    try:
        return text.encode("cp932").decode("cp932") == text
    except UnicodeError:
        return False


def csv_lines(
    rows: Iterable[list[str]], *, cp932: bool = False, told: Counter[str] | None = None
) -> Iterator[bytes]:
    """A CSV that Japanese Excel opens: UTF-8 with its mark, or CP932."""
    told = Counter() if told is None else told
    for number, row in enumerate(rows):
        buffer = io.StringIO()
        cells = [_guarded(in_cp932(cell, told) if cp932 else cell) for cell in row]
        csv.writer(buffer, lineterminator="\r\n").writerow(cells)
        if cp932:
            yield buffer.getvalue().encode("cp932")
        else:
            yield buffer.getvalue().encode("utf-8" if number else "utf-8-sig")


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="products" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_excel(rows: Iterable[list[str]], to: IO[bytes]) -> None:
    """Every cell a text, so that Excel changes no code and no JAN. Written by hand, because the
    library needs a temporary file, and the shop's process may write none."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in _PARTS.items():
            archive.writestr(name, head + body)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(
                f'{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
                'main"><sheetData>'.encode()
            )
            for row in rows:
                cells = "".join(
                    f'<c t="inlineStr"><is><t xml:space="preserve">{_xml(cell)}</t></is></c>'
                    if cell else "<c/>"
                    for cell in row
                )  # fmt: skip
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


def _xml(text: str) -> str:
    return escape(_UNPRINTABLE.sub("", text)).replace("\r", "&#13;")
