"""Words for what goods are: families of colour, fibres, for whom."""

from django.utils.translation import gettext_lazy as _

FAMILY_WORDS = {
    "white": _("White"), "black": _("Black"), "gray": _("Grey"), "silver": _("Silver"),
    "gold": _("Gold"), "beige": _("Beige"), "brown": _("Brown"), "khaki": _("Khaki"),
    "green": _("Green"), "blue": _("Blue"), "navy": _("Navy"), "purple": _("Purple"),
    "pink": _("Pink"), "red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow"),
}  # fmt: skip
FIBRE_WORDS = {
    "cotton": _("Cotton"), "linen": _("Linen"), "wool": _("Wool"), "silk": _("Silk"),
    "cashmere": _("Cashmere"), "nylon": _("Nylon"), "polyester": _("Polyester"),
    "acrylic": _("Acrylic"), "rayon": _("Rayon"), "cupro": _("Cupro"), "leather": _("Leather"),
    "polyurethane": _("Polyurethane"), "elastane": _("Elastane"), "hemp": _("Hemp"),
    "mohair": _("Mohair"), "alpaca": _("Alpaca"), "down": _("Down"), "feather": _("Feather"),
    "acetate": _("Acetate"), "triacetate": _("Triacetate"), "lyocell": _("Lyocell"),
}  # fmt: skip
GENDER_WORDS = {"women": _("Women"), "men": _("Men"), "unisex": _("Unisex")}
STATE_WORDS = {
    "in": _("In stock now"), "sale": _("Reduced"), "pre": _("Pre-order"), "outlet": _("Outlet"),
}  # fmt: skip
SORT_WORDS = {
    "own": _("Recommended"), "new": _("Newest"), "rank": _("Popular"), "low": _("Price: low first"),
    "high": _("Price: high first"),
}  # fmt: skip
FILTER_WORDS = {
    "c": _("Category"), "f": _("Colour"), "z": _("Size in stock"), "y": _("Price"),
    "b": _("Brand"), "m": _("Material"), "s": _("Season"), "x": _("For"), "o": _("Shown"),
}  # fmt: skip
