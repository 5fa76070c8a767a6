"""Files that come back from the carriers' programs: numbers of parcels, and what became of them.

Columns are found by their headings, of which each program has its own. A file may be taken in as
often as one likes: what is known already is counted and left alone. A wrong row is named by its
number and does not hinder the others.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lockstitch.fulfilment import delivering
from lockstitch.fulfilment.actions import ship_parcel
from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.queries import SENT, find_by_reference
from lockstitch.fulfilment.rules import checked_tracking_number
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.tables import table
from lockstitch.orders.actions import By

ROWS_MAX = 5_000

# Ours; B2 Cloud 発行済データ; e-Hiden III 出荷履歴; ゆうパックプリントR 発送履歴.
REFERENCE = ("reference", "お客様管理番号", "お客様側管理番号", "お客様管理ナンバー")
NUMBER = (
    "tracking_number", "伝票番号", "お問い合せ送り状No.", "お問い合せ送り状NO", "お問い合わせ番号",
    "お問合せ番号", "送り状番号", "荷物番号",
)  # fmt: skip
STATE = ("state", "配達状況", "荷物状況", "状態", "最新荷物状況", "ステータス", "最新状態")
AT = ("at", "配達日時", "配達完了日時", "日時", "配達日", "日付")

DELIVERED = ("配達完了", "お届け済", "投函完了", "お届け先にお届け済み", "受取済", "delivered")
AWAY = ("不在", "持戻", "持ち戻り", "ご不在", "away")
RETURNED = ("返送", "返品", "差出人に返送", "returned")


@dataclass
class Read:
    """What became of a file. `problems` are sentences with row numbers."""

    done: int = 0
    known: int = 0
    ignored: int = 0
    problems: list[str] = field(default_factory=list)


Row = tuple[int, dict[str, str]]


def take_numbers(data: bytes, by: By) -> Read:
    """送り状番号取込: marks parcels as shipped, takes their money and tells their buyers."""
    read = Read()
    rows = list(_rows(data, read, REFERENCE, NUMBER))
    parcels = find_by_reference(row[REFERENCE[0]] for _, row in rows)
    for number, row in rows:
        if not row[NUMBER[0]]:
            read.ignored += 1  # printed later
            continue

        def deed(row: dict[str, str] = row) -> bool:
            parcel = parcels.get(row[REFERENCE[0]].strip().upper())
            if parcel is None:
                raise Refused(_("no parcel has this reference"))
            return ship_parcel(parcel.pk, tracking_number=row[NUMBER[0]], by=by)

        _tried(read, number, deed)
    return read


def take_states(data: bytes, by: By) -> Read:
    """配達状況取込: delivered, nobody at home, sent back; other states are passed by."""
    read = Read()
    rows = list(_rows(data, read, NUMBER, STATE, AT))
    numbers = {_digits(row[NUMBER[0]]) for _, row in rows}
    parcels = {
        p.tracking_number: p
        for p in Parcel.objects.filter(tracking_number__in=numbers - {""}, state__in=SENT)
    }
    for number, row in rows:
        state = row[STATE[0]]
        if not any(word in state for word in (*DELIVERED, *AWAY, *RETURNED)):
            read.ignored += 1
            continue

        def deed(row: dict[str, str] = row, state: str = state) -> bool:
            parcel = parcels.get(_digits(row[NUMBER[0]]))
            if parcel is None:
                raise Refused(_("no parcel has this number"))
            if any(word in state for word in RETURNED):
                return delivering.sent_back(parcel.pk, by)
            moment = _moment(row.get(AT[0], ""))
            if any(word in state for word in DELIVERED):
                return delivering.delivered(parcel.pk, moment, by)
            return delivering.away(parcel.pk, moment, by)

        _tried(read, number, deed)
    return read


def _tried(read: Read, number: int, deed: Callable[[], bool]) -> None:
    try:
        if deed():
            read.done += 1
        else:
            read.known += 1
    except Refused as refused:
        read.problems.append(
            _("Row %(number)d: %(problem)s") % {"number": number, "problem": refused}
        )


def _rows(data: bytes, read: Read, *wanted: tuple[str, ...]) -> Iterator[Row]:
    """Each row with the wanted columns under their first name. Optional is only AT."""
    try:
        heading, *lines = table(data, rows_max=ROWS_MAX) or [[]]
    except Refused as refused:
        read.problems.append(str(refused))
        return
    headings = [_folded(cell) for cell in heading]
    places: dict[str, int] = {}
    for names in wanted:
        found = [headings.index(_folded(name)) for name in names if _folded(name) in headings]
        if found:
            places[names[0]] = found[0]
        elif names is not AT:
            read.problems.append(
                _("The file has no column like %(names)s.") % {"names": " / ".join(names[1:3])}
            )
            return
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            yield (
                number,
                {
                    name: cells[place].strip().strip("='\"") if place < len(cells) else ""
                    for name, place in places.items()
                },
            )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(".").lower()


def _digits(text: str) -> str:
    try:
        return checked_tracking_number(text)
    except ValueError:
        return ""


def _moment(text: str) -> dt.datetime:
    """The moment as the carriers write it; now when there is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in (
        "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y%m%d%H%M", "%Y%m%d",
    ):  # fmt: skip
        try:
            return dt.datetime.strptime(plain, form).replace(tzinfo=JST)
        except ValueError:
            continue
    return now()
