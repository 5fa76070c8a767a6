"""What is priced, and how an amount is shared out to the yen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lockstitch.kernel.money import BasisPoints, Yen


@dataclass(frozen=True)
class Item:
    """So many pieces of one SKU for one destination."""

    unit_price_yen: Yen
    quantity: int
    tax_rate_bp: BasisPoints = 1000
    key: str = ""  # the SKU; decides which of two equal lines gets an odd yen
    product: str = ""
    categories: frozenset[str] = frozenset()  # its category and all above it
    brand: str = ""
    on_sale: bool = False
    weight_g: int = 0
    destination: int = 1

    @property
    def total_yen(self) -> Yen:
        return self.unit_price_yen * self.quantity

    @property
    def place(self) -> tuple[str, int, Yen, BasisPoints, int]:
        """A place that does not depend on where the line stands."""
        return (
            self.key, self.destination, self.unit_price_yen, self.tax_rate_bp, self.quantity
        )  # fmt: skip


def shared(amount: Yen, weights: Sequence[Yen], places: Sequence[tuple[object, ...]]) -> list[Yen]:
    """`amount` in parts as the weights are, by largest remainders; the parts sum to it exactly.

    No part exceeds its weight when `amount` does not exceed their sum. Of equal remainders the
    smaller place gets the yen. Raises ValueError when there is nothing to share it over.
    """
    whole = sum(weights)
    if not amount:
        return [0] * len(weights)
    if amount < 0 or whole <= 0:
        raise ValueError("nothing to share it over")
    parts = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(amount * weights[n] % whole), places[n]))
    for n in order[: amount - sum(parts)]:
        parts[n] += 1
    return parts
