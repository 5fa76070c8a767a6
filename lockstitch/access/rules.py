"""What each role may do in the console. What it may see of people is the guard's to decide."""

VERBS: dict[str, frozenset[str]] = {
    "owner": frozenset({"orders.see", "orders.ship", "orders.pay", "goods.see", "goods.edit"}),
    "merchandiser": frozenset({"goods.see", "goods.edit"}),
    "orders": frozenset({"orders.see", "orders.ship", "orders.pay", "goods.see"}),
    "support": frozenset({"orders.see", "goods.see"}),
    "readonly": frozenset({"orders.see", "goods.see"}),
}


def may(role: str, verb: str) -> bool:
    return verb in VERBS.get(role, frozenset())
