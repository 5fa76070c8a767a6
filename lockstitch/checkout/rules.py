"""What a cart may hold. Pure."""

LINE_MAX = 20  # pieces of one SKU
LINES_MAX = 50


def clamped(quantity: int) -> int:
    return max(0, min(quantity, LINE_MAX))
