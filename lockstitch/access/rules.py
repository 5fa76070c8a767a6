"""What each role may do in the console. What it may see of people is the guard's to decide."""

_ORDERS = {"orders.see", "orders.edit", "orders.ship", "orders.pay", "inquiries.answer"}
_SHOP = {"goods.see", "goods.edit", "offers.see", "offers.edit", "letters.see", "letters.edit"}
_CONTENT = {"content.see", "content.edit", "looks.post"}
_SEES = {"orders.see", "goods.see", "offers.see", "members.see", "content.see"}

VERBS: dict[str, frozenset[str]] = {
    "owner": frozenset(
        {
            *_ORDERS,
            *_SHOP,
            *_CONTENT,
            "members.see",
            "members.points",
            "members.rules",
            "terms.edit",
            "books.see",
            "books.edit",
        }
    ),  # fmt: skip
    "merchandiser": frozenset({*_SHOP, *_CONTENT}),
    "orders": frozenset({*_ORDERS, *_SEES, "looks.post"}),
    "support": frozenset({*_SEES, "members.points", "looks.post", "inquiries.answer"}),
    "readonly": frozenset({*_SEES, "letters.see", "books.see"}),
}


def may(role: str, verb: str) -> bool:
    return verb in VERBS.get(role, frozenset())
