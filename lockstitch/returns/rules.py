"""Who may send what back, until when, and what becomes of it. Pure."""

import datetime as dt

# The states of a return, and those that each may change to.
STATES: dict[str, frozenset[str]] = {
    "asked": frozenset({"approved", "refused", "withdrawn"}),
    "approved": frozenset({"received", "withdrawn", "refused"}),
    "received": frozenset({"closed"}),
    "closed": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}
OPEN = ("asked", "approved", "received")

REASONS = ("too_small", "too_large", "not_as_shown", "changed_mind", "faulty", "wrong_item")
FAULT = frozenset({"faulty", "wrong_item"})  # ours: no deadline short of the law's, we pay
MEASURES = ("shoulder", "chest", "waist", "hip", "sleeve", "length", "inseam", "foot")
DISPOSITIONS = ("restock", "outlet", "scrap")
LAW_DAYS = 365  # 民法566条: a buyer must tell of a fault within a year of finding it
TRANSIT_DAYS = 3  # when the carrier has not told us of the delivery


def may_move(state: str, to: str) -> bool:
    return to in STATES[state]


def last_day(sent_on: dt.date, delivered_on: dt.date | None, *, days: int, fault: bool) -> dt.date:
    """The last day on which a return can be asked for, `days` after delivery."""
    arrived = delivered_on or sent_on + dt.timedelta(days=TRANSIT_DAYS)
    return arrived + dt.timedelta(days=max(days, LAW_DAYS) if fault else days)


def refusal(
    *, reason: str, is_final_sale: bool, sent_on: dt.date | None, delivered_on: dt.date | None,
    today: dt.date, days: int,
) -> str:  # fmt: skip
    """Why a piece is not taken back: `reason`, `unsent`, `final_sale`, `late`; or nothing."""
    fault = reason in FAULT
    if reason not in REASONS:
        return "reason"
    if sent_on is None:
        return "unsent"
    if is_final_sale and not fault:
        return "final_sale"
    if today > last_day(sent_on, delivered_on, days=days, fault=fault):
        return "late"
    return ""
