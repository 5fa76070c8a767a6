"""From a planned parcel, and the person the guard disclosed, to a label."""

from collections.abc import Mapping

from lockstitch.fulfilment.labels.layout import Label, Sender
from lockstitch.fulfilment.models import DispatchTerms, LabelBatch, Parcel
from lockstitch.fulfilment.queries import reference_of
from lockstitch.orders.models import Destination

FIELDS = (
    "family_name", "given_name", "phone", "postal_code", "prefecture", "city", "street", "building",
)  # fmt: skip


def destination_of(parcel: Parcel) -> Destination:
    """Of a parcel whose order was read with its destinations."""
    found: Destination = next(
        each for each in parcel.order.destinations.all() if each.no == parcel.destination
    )
    return found


def label_of(
    parcel: Parcel, batch: LabelBatch, person: Mapping[str, str], terms: DispatchTerms
) -> Label:
    """`person` holds FIELDS. Money is taken at the door of a COD order only."""
    wish = destination_of(parcel)
    cod = parcel.order.method == "cod" and parcel.money_yen > 0
    return Label(
        reference=reference_of(parcel),
        ships_on=batch.ships_on,
        name=f"{person['family_name']} {person['given_name']}".strip(),
        phone=person["phone"],
        postal_code=person["postal_code"],
        address=f"{person['prefecture']}{person['city']}{person['street']}",
        building=person["building"],
        contents=terms.contents,
        delivery_date=wish.delivery_date,
        slot=wish.delivery_slot,
        cod_yen=parcel.money_yen if cod else None,
        cod_tax_yen=parcel.tax_yen if cod else 0,
    )  # fmt: skip


def sender_of(terms: DispatchTerms) -> Sender:
    known = ("name", "phone", "postal_code", "address", "building")
    return Sender(
        **{name: str(terms.sender.get(name, "")) for name in known},
        yamato_customer=terms.yamato_customer, yamato_class=terms.yamato_class,
        yamato_fare=terms.yamato_fare, sagawa_customer=terms.sagawa_customer,
        yupack_kind=terms.yupack_kind,
    )  # fmt: skip
