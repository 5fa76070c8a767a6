"""Files of shipping labels for the carriers' programs, each in the layout its maker publishes."""

from lockstitch.fulfilment.labels import sagawa, yamato, yupack
from lockstitch.fulfilment.labels.layout import Label, Layout, Made, Problem, Sender, make

LAYOUTS: dict[str, Layout] = {
    "yamato": yamato.LAYOUT, "sagawa": sagawa.LAYOUT, "yupack": yupack.LAYOUT,
}  # fmt: skip

__all__ = ["LAYOUTS", "Label", "Layout", "Made", "Problem", "Sender", "make"]
