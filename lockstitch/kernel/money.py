"""Yen are integers; tax rates are basis points (1000 = 10 per cent)."""

Yen = int
BasisPoints = int


def included_tax(total_yen: Yen, rate_bp: BasisPoints) -> Yen:
    """The consumption tax inside a tax-included total, fractions dropped.

    Once per rate and document, as the qualified-invoice rules ask
    (消費税法 57条の4, 施行令 70条の10).
    """
    if total_yen < 0 or rate_bp < 0:
        raise ValueError("amounts and rates are not negative")
    return total_yen * rate_bp // (10_000 + rate_bp)


def shown(amount_yen: Yen) -> str:
    """`¥12,300`, as prices are written on the pages."""
    sign = "-" if amount_yen < 0 else ""
    return f"{sign}¥{abs(amount_yen):,}"
