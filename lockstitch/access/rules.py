"""What each role may do in the console. What it may see of people is the guard's to decide."""

ORDER_DESK = frozenset({"orders.see", "orders.edit", "orders.ship", "orders.pay", "goods.see"})
VERBS: dict[str, frozenset[str]] = {
    "owner": ORDER_DESK | {"goods.edit", "books.see", "books.edit"},
    "merchandiser": frozenset({"goods.see", "goods.edit"}),
    "orders": ORDER_DESK,
    "support": frozenset({"orders.see", "goods.see"}),
    "readonly": frozenset({"orders.see", "goods.see", "books.see"}),
}


def may(role: str, verb: str) -> bool:
    return verb in VERBS.get(role, frozenset())
