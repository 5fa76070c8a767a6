"""How many pieces are where, every change that made it so, and the papers of the stock room."""

from lockstitch.inventory.models.sheets import Sheet, SheetLine
from lockstitch.inventory.models.stock import (
    Allocation,
    Allotment,
    Hold,
    Location,
    Movement,
    Stock,
)

__all__ = [
    "Allocation", "Allotment", "Hold", "Location", "Movement", "Sheet", "SheetLine", "Stock",
]  # fmt: skip
