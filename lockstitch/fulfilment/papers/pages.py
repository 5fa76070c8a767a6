"""The pages of each paper, as data for `sheet.typ`. In Japanese, as the law is they follow."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.papers import figures
from lockstitch.fulfilment.papers.figures import REDUCED_BP, Figures, Item
from lockstitch.fulfilment.queries import reference_of
from lockstitch.kernel.clock import JST, today_jst
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.pricing.models import Terms

Page = dict[str, Any]
Person = Mapping[str, str]
REDUCED_NOTE = "※ は軽減税率（8%）対象"


def _page(**parts: Any) -> Page:
    empty: Page = {
        "title": "", "copy": "", "to": [], "name": "", "facts": [], "from": [], "lead": "",
        "amount": None, "items": [], "priced": True, "sums": [], "rates": [], "notes": [],
        "footer": "",
    }  # fmt: skip
    return {**empty, **parts}


def invoice(
    order: Order, reductions: Sequence[Reduction], person: Person, terms: Terms, *, copy: int = 0
) -> Page:
    """適格請求書: everything the law asks on one paper."""
    sums = figures.invoice(order, reductions)
    return _page(
        title="請求書" if not terms.registration_number else "適格請求書", copy=_copy(copy),
        to=address(person), name=_name(person), facts=_facts(order),
        items=_items(sums.items), sums=_sums(sums), rates=_rates(sums),
        notes=_notes(sums.items), footer=order.number, **{"from": issuer(terms)},
    )  # fmt: skip


def receipt(
    order: Order, reductions: Sequence[Reduction], person: Person, terms: Terms, *, copy: int = 0
) -> Page:
    """領収書, which is a qualified invoice as well (簡易でない記載事項をすべて含む)."""
    sums = figures.invoice(order, reductions)
    notes = [
        "但し お品代として、上記正に領収いたしました。",
        f"お支払方法: {METHODS.get(order.method, order.method)}",
    ]
    if sums.points_yen:
        notes.append(
            f"合計 {sums.total_yen:,}円のうち {sums.points_yen:,}円はポイントのご利用です。"
        )
    return _page(
        title="領収書", copy=_copy(copy), name=_name(person), facts=_facts(order),
        amount=sums.money_yen, items=_items(sums.items), sums=_sums(sums), rates=_rates(sums),
        notes=notes + _notes(sums.items), footer=order.number, **{"from": issuer(terms)},
    )  # fmt: skip


def credit(
    order: Order, returned: Sequence[Reduction], person: Person, terms: Terms, *, copy: int = 0
) -> Page:
    """適格返還請求書: with the day of the sale and the day of the return."""
    sums = figures.credit(order, returned)
    days = sorted({row.at.astimezone(JST).date() for row in returned})
    facts = [
        ["返還日", "・".join(f"{day:%Y年%m月%d日}" for day in days)],
        ["取引日", f"{order.placed_at.astimezone(JST):%Y年%m月%d日}"], ["注文番号", order.number],
    ]  # fmt: skip
    return _page(
        title="適格返還請求書" if terms.registration_number else "返金明細書",
        copy=_copy(copy), to=address(person), name=_name(person),
        facts=facts, items=_items(sums.items), rates=_rates(sums),
        sums=[*([name, yen, False] for name, yen in sums.charges),
              ["返還金額（税込）", sums.total_yen, True]],
        notes=_notes(sums.items), footer=order.number, **{"from": issuer(terms)},
    )  # fmt: skip


def slip(
    parcel: Parcel, lines: Mapping[Any, OrderLine], reductions: Sequence[Reduction],
    person: Person, terms: Terms, *, prices: bool,
) -> Page:  # fmt: skip
    """納品書 of one parcel; with sums when it is all of its order, without prices for a gift."""
    pieces = {row.line_key: row.quantity for row in parcel.lines.all()}
    items = figures.parcel(lines, pieces)
    order = parcel.order
    whole = prices and all(
        pieces.get(line.key, 0) == line.quantity - line.cancelled for line in lines.values()
    )
    sums = figures.invoice(order, reductions) if whole else None
    goods = sum(item.yen for item in items)
    shown = _sums(sums) if sums else [["この荷物の商品計（税込）", goods, True]]
    return _page(
        title="納品書" if prices else "お届け明細", to=address(person), name=_name(person),
        facts=[["荷物番号", reference_of(parcel)], ["発行日", f"{today_jst():%Y年%m月%d日}"]],
        items=_items(items), priced=prices, sums=shown if prices else [],
        rates=_rates(sums) if sums else [], footer=reference_of(parcel),
        lead="このたびはお買い上げいただき、誠にありがとうございます。" if prices else "",
        notes=_slip_notes(items, prices=prices, whole=whole), **{"from": issuer(terms)},
    )  # fmt: skip


METHODS = {
    "cod": "代金引換", "bank": "銀行振込", "points": "ポイント", "card": "クレジットカード",
    "konbini": "コンビニ払い", "link": "決済サービス",
}  # fmt: skip


def issuer(terms: Terms) -> list[str]:
    """Who gives the paper out; the registration number makes it a qualified one."""
    known = [str(terms.issuer.get(key, "")) for key in ("name", "address", "phone")]
    number = [f"登録番号 {terms.registration_number}"] if terms.registration_number else []
    return [row for row in known if row] + number


def address(person: Person) -> list[str]:
    code = person.get("postal_code", "")
    first = f"〒{code[:3]}-{code[3:]}" if code else ""
    street = "".join(person.get(key, "") for key in ("prefecture", "city", "street"))
    return [row for row in (first, street, person.get("building", "")) if row]


def _name(person: Person) -> str:
    name = f"{person.get('family_name', '')} {person.get('given_name', '')}".strip()
    return f"{name} 様" if name else ""


def _copy(copy: int) -> str:
    return "再発行" if copy else ""


def _facts(order: Order) -> list[list[str]]:
    placed: dt.datetime = order.placed_at.astimezone(JST)
    return [
        ["取引日", f"{placed:%Y年%m月%d日}"], ["発行日", f"{today_jst():%Y年%m月%d日}"],
        ["注文番号", order.number],
    ]  # fmt: skip


def _items(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [
        {"name": i.name, "detail": i.detail, "code": i.code, "quantity": i.quantity,
         "unit": i.unit_yen, "yen": i.yen, "reduced": i.reduced}
        for i in items
    ]  # fmt: skip


def _sums(sums: Figures) -> list[list[Any]]:
    rows: list[list[Any]] = [["商品計", sums.goods_yen, False]]
    if sums.discount_yen:
        rows.append(["値引", -sums.discount_yen, False])
    rows += [[name, yen, False] for name, yen in sums.charges]
    rows.append(["合計（税込）", sums.total_yen, True])
    if sums.points_yen:
        rows += [["ポイント利用", -sums.points_yen, False], ["お支払金額", sums.money_yen, True]]
    return rows


def _rates(sums: Figures) -> list[list[Any]]:
    return [
        [f"{rate.rate_bp // 100}%対象{'（軽減税率）' if rate.rate_bp == REDUCED_BP else ''}",
         rate.yen, rate.tax_yen]
        for rate in sums.rates
    ]  # fmt: skip


def _notes(items: Sequence[Item]) -> list[str]:
    return [REDUCED_NOTE] if any(item.reduced for item in items) else []


def _slip_notes(items: Sequence[Item], *, prices: bool, whole: bool) -> list[str]:
    if not prices:
        return []
    apart = (
        []
        if whole
        else ["ご注文は複数の荷物でお届けします。値引・送料・税額は請求書をご覧ください。"]
    )
    return apart + _notes(items)
