"""What each role may do in the console. What it may see of people is the guard's to decide."""

_ORDERS = {"orders.see", "orders.ship", "orders.pay"}
_SHOP = {"goods.see", "goods.edit", "offers.see", "offers.edit", "letters.see", "letters.edit"}

VERBS: dict[str, frozenset[str]] = {
    "owner": frozenset(
        {*_ORDERS, *_SHOP, "members.see", "members.points", "members.rules", "terms.edit"}
    ),
    "merchandiser": frozenset(_SHOP),
    "orders": frozenset({*_ORDERS, "goods.see", "offers.see", "members.see"}),
    "support": frozenset(
        {"orders.see", "goods.see", "offers.see", "members.see", "members.points"}
    ),
    "readonly": frozenset({"orders.see", "goods.see", "offers.see", "members.see", "letters.see"}),
}


def may(role: str, verb: str) -> bool:
    return verb in VERBS.get(role, frozenset())
