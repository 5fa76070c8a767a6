"""What the worker knows of an order, as plain words for a shop's own letter. Pure: takes whatever
has the attributes of an order, a line or a parcel, and gives strings only."""

from typing import Any

from lockstitch.catalogue.promise import typed
from lockstitch.kernel.money import shown
from lockstitch.kernel.text import localised


def plain(facts: dict[str, Any], language: str) -> dict[str, Any]:
    """In the form of `rules.SAMPLES`; parts that are not there are empty."""
    site, order = facts.get("site"), facts.get("order")
    link = str(facts.get("address_of_order", ""))
    found: dict[str, Any] = {
        "shop": {"name": getattr(site, "name", ""), "link": str(facts.get("origin", ""))},
        "lines": [_line(line, language) for line in facts.get("lines", [])],
        "link": str(facts.get("link", "")),
    }
    if order is not None:
        found["order"] = {
            "number": order.number, "link": link, "slot": str(facts.get("slot", "")),
            "delivery_date": str(getattr(order.first, "delivery_date", None) or ""),
            "method": str(facts.get("method", order.method)),
            **{
                name: _money(getattr(order, f"{name}_yen", 0))
                for name in ("items", "discount", "shipping", "fee", "wrapping", "points", "total")
            },
        }  # fmt: skip
    payment, terms = facts.get("payment"), facts.get("terms")
    found["bank"] = {
        "account": localised(getattr(terms, "bank_account", {}), language),
        "due": str(getattr(payment, "due_on", None) or ""),
    }
    carrier, parcel = facts.get("carrier"), facts.get("shipment") or facts.get("parcel")
    found["parcel"] = {
        "carrier": getattr(carrier, "name", ""), "link": str(facts.get("track", "")),
        "number": getattr(parcel, "tracking_number", ""),
    }  # fmt: skip
    return found


def _line(line: Any, language: str) -> dict[str, str]:
    return {
        "name": localised(line.name, language), "colour": localised(line.colour, language),
        "size": _size(line, language), "quantity": str(line.quantity),
        "price": shown(line.unit_price_yen), "total": shown(line.total_yen),
    }  # fmt: skip


def _size(line: Any, language: str) -> str:
    """With the length that it is hemmed to and when it is sent, so that a shop's own text says so
    too."""
    cm, due, is_ja = getattr(line, "hem_cm", ""), getattr(line, "due", ""), language == "ja"
    words = []
    if cm:
        words.append(f"お直し 股下{cm}cm" if is_ja else f"hemmed to an inseam of {cm} cm")
    if due:
        words.append(f"{typed(due)}発送予定" if is_ja else f"to be sent {due}")
    return f"{line.size} ({', '.join(words)})" if words else line.size


def _money(amount_yen: int) -> str:
    """Empty for nothing, so that `{% if order.fee %}` says what it means."""
    return shown(amount_yen) if amount_yen else ""
