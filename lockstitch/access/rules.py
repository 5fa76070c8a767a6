"""What each role may do in the console. What it may see of people is the guard's to decide."""

ORDER_DESK = frozenset({"orders.see", "orders.edit", "orders.ship", "orders.pay", "goods.see"})
MERCHANDISE = frozenset(
    {"goods.see", "goods.edit", "offers.see", "offers.edit", "letters.see", "letters.edit"}
)
VERBS: dict[str, frozenset[str]] = {
    "owner": ORDER_DESK
    | MERCHANDISE
    | {
        "books.see",
        "books.edit",
        "members.see",
        "members.points",
        "members.rules",
        "terms.edit",
    },
    "merchandiser": MERCHANDISE,
    "orders": ORDER_DESK | {"offers.see", "members.see"},
    "support": frozenset(
        {"orders.see", "goods.see", "offers.see", "members.see", "members.points"}
    ),
    "readonly": frozenset(
        {"orders.see", "goods.see", "books.see", "offers.see", "members.see", "letters.see"}
    ),
}


def may(role: str, verb: str) -> bool:
    return verb in VERBS.get(role, frozenset())
