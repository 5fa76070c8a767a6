"""What was bought: fixed lines, three states, and the events that changed them.

No person: a `record_id` is a sealed record of the guard, a hint a mask such as 山＊ ＊＊.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.catalogue.hems import hem_cm
from lockstitch.orders.in_sets import Bought, by_set
from lockstitch.orders.rules import CHARGES, GONE, MACHINES, TAKEN
from lockstitch.tenancy.models import TenantKey, TenantModel, Uuid7


class Order(TenantModel):
    """`total_yen` is what the present revision costs; what was given up of it since (part cancel,
    returns) is `reduced_yen`, of which so much went back as money and so much as points."""

    number = models.CharField(max_length=24)
    checkout_id = models.UUIDField()  # which checkout placed it: one order each
    member_id = models.UUIDField(null=True)
    record_id = models.UUIDField()
    buyer_mark = models.UUIDField(null=True)  # see orders.persons
    buyer_hint = models.CharField(max_length=40)
    prefecture = models.CharField(max_length=4)
    postal_zone = models.CharField(max_length=3)
    language = models.CharField(max_length=2, default="ja")
    channel = models.CharField(max_length=8, default="web")  # web, phone, import
    method = models.CharField(max_length=8)
    charge = models.CharField(max_length=8, default="ship", db_default="ship")  # rules.CHARGES
    revision = models.PositiveIntegerField(default=1)
    items_yen = models.PositiveIntegerField()
    discount_yen = models.PositiveIntegerField(default=0)
    shipping_yen = models.PositiveIntegerField()
    fee_yen = models.PositiveIntegerField()
    wrapping_yen = models.PositiveIntegerField(default=0)
    total_yen = models.PositiveIntegerField()
    points_yen = models.PositiveIntegerField(default=0)
    reduced_yen = models.PositiveIntegerField(default=0)
    money_back_yen = models.PositiveIntegerField(default=0)
    points_back_yen = models.PositiveIntegerField(default=0)
    taxes = models.JSONField()  # {"1000": yen}: the tax inside the total, once per rate
    explained = models.JSONField(default=list)  # each promotion: applied with how much, or why not
    status = models.CharField(max_length=12, default="placed")
    payment = models.CharField(max_length=12)
    fulfilment = models.CharField(max_length=12, default="unshipped")
    on_hold = models.BooleanField(default=False)
    flag = models.CharField(max_length=12, blank=True)
    note_record_id = models.UUIDField(null=True)  # the buyer's wish, sealed
    placed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="order_number"),
            models.UniqueConstraint(fields=["site", "checkout_id"], name="order_once"),
            models.UniqueConstraint(fields=["site", "record_id"], name="order_record"),
            models.CheckConstraint(
                condition=Q(
                    total_yen=F("items_yen") + F("shipping_yen") + F("fee_yen")
                    + F("wrapping_yen") - F("discount_yen")
                ),
                name="order_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(discount_yen__lte=F("items_yen"), points_yen__lte=F("total_yen")),
                name="order_discount_and_points_within",
            ),
            models.CheckConstraint(
                condition=Q(
                    reduced_yen=F("money_back_yen") + F("points_back_yen"),
                    points_back_yen__lte=F("points_yen"),
                    money_back_yen__lte=F("total_yen") - F("points_yen"),
                ),
                name="order_gives_back_what_it_took",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(MACHINES["status"]))
                & Q(payment__in=list(MACHINES["payment"]))
                & Q(fulfilment__in=list(MACHINES["fulfilment"])),
                name="order_known_states",
            ),
            models.CheckConstraint(condition=Q(charge__in=CHARGES), name="order_charge"),
            models.CheckConstraint(
                condition=~Q(fulfilment__in=GONE) | Q(payment__in=TAKEN),
                name="order_shipped_is_captured",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "-placed_at", "-id"], name="order_list"),
            models.Index(fields=["site", "fulfilment", "-placed_at", "-id"], name="order_to_ship"),
            models.Index(fields=["site", "payment", "-placed_at", "-id"], name="order_unpaid"),
            models.Index(fields=["site", "member_id", "-placed_at"], name="order_member"),
            models.Index(fields=["site", "buyer_mark", "-placed_at"], name="order_buyer"),
            models.Index(
                fields=["site", "placed_at"], condition=Q(status="pending"), name="order_pending"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def current_lines(self) -> list["OrderLine"]:
        """The lines of the present revision; earlier ones stay as they were."""
        return [line for line in self.lines.all() if line.revision == self.revision]

    @property
    def goods(self) -> list["OrderLine | Bought"]:
        """The current lines, those of a set as one."""
        return by_set(self.current_lines)

    @property
    def told_lines(self) -> list["OrderLine"]:
        """The current lines as the buyer may be told of them: a 福袋 is one line, not stored."""
        told: list[OrderLine] = []
        for one in self.goods:
            if isinstance(one, OrderLine):
                told.append(one)
            elif not one.hidden:
                told += one.lines
            else:
                told.append(OrderLine(
                    name=one.set_name, colour={}, quantity=one.count, total_yen=one.total_yen,
                    unit_price_yen=one.total_yen // max(1, one.count),
                ))  # fmt: skip
        return told

    @property
    def first(self) -> "Destination":
        """The first destination: the only one, unless goods go to several people."""
        return self.destinations.all()[0]

    @property
    def net_yen(self) -> int:
        return self.total_yen - self.reduced_yen

    @property
    def money_yen(self) -> int:
        """What the buyer pays in money, after all that was given up."""
        return self.total_yen - self.points_yen - self.money_back_yen

    @property
    def charges_yen(self) -> int:
        return self.shipping_yen + self.fee_yen + self.wrapping_yen


class Destination(TenantModel):
    """Where a parcel of an order goes. Every order has number 1."""

    order = TenantKey(Order, related_name="destinations")
    no = models.PositiveIntegerField(default=1)
    record_id = models.UUIDField()
    hint = models.CharField(max_length=40)
    prefecture = models.CharField(max_length=4)
    postal_zone = models.CharField(max_length=3)
    carrier = models.CharField(max_length=20, blank=True)  # wished for; empty: the shop's
    delivery_date = models.DateField(null=True)
    delivery_slot = models.CharField(max_length=8, blank=True)
    wrapping = models.CharField(max_length=20, blank=True)
    has_message = models.BooleanField(default=False)  # its text is in the sealed record
    hides_prices = models.BooleanField(default=False)
    pickup_location_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order", "no"], name="destination_no")
        ]
        indexes: ClassVar = [models.Index(fields=["site", "record_id"], name="destination_record")]
        ordering: ClassVar = ["no"]


class OrderLine(TenantModel):
    """One SKU as it was when bought: later changes of the catalogue do not reach it. Only its
    three counters change, and when it is promised (checkout.promises)."""

    order = TenantKey(Order, related_name="lines")
    key = models.UUIDField(db_default=Uuid7())  # the same in every revision
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField()
    destination = models.PositiveIntegerField(default=1)
    sku_id = models.UUIDField()
    product_id = models.UUIDField(null=True)
    sku_code = models.CharField(max_length=120)
    name = models.JSONField()
    colour = models.JSONField()
    size = models.CharField(max_length=60)
    picture_key = models.CharField(max_length=80, blank=True)
    product_slug = models.CharField(max_length=160, blank=True)
    unit_price_yen = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    tax_rate_bp = models.PositiveIntegerField()
    total_yen = models.PositiveIntegerField()
    discount_yen = models.PositiveIntegerField(default=0)  # its share of every promotion
    net_yen = models.PositiveIntegerField()
    is_gift = models.BooleanField(default=False)  # came with a promotion, at no price
    is_final_sale = models.BooleanField(default=False)  # not taken back
    preorder_month = models.CharField(max_length=10, blank=True)  # catalogue.promise; may be moved
    ships_on = models.DateField(null=True)  # promised for what is made to order or hemmed
    hem_mm = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # お直し: the inseam; 0: as is
    hem_fee_yen = models.PositiveIntegerField(default=0, db_default=0)  # within the unit price
    hem_agreed_at = models.DateTimeField(null=True)  # that it is not taken back
    outlet_note = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    exchanges = models.UUIDField(null=True)  # the key of the line whose pieces this one replaces
    set_id = models.UUIDField(null=True)  # it was bought as a piece of this set,
    set_group = models.UUIDField(null=True)  # together with the lines of the same group:
    set_count = models.PositiveIntegerField(default=0)  # so many sets
    set_name = models.JSONField(default=dict)
    set_hidden = models.BooleanField(default=False)  # 福袋: not told before it is sent
    cancelled = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "order", "revision", "position"], name="line_position"
            ),
            models.UniqueConstraint(fields=["site", "order", "revision", "key"], name="line_key"),
            models.CheckConstraint(
                condition=Q(total_yen=F("unit_price_yen") * F("quantity")) & Q(quantity__gt=0),
                name="line_total_is_price_times_quantity",
            ),
            models.CheckConstraint(
                condition=Q(net_yen=F("total_yen") - F("discount_yen")),
                name="line_net_is_total_less_discount",
            ),
            models.CheckConstraint(
                condition=Q(cancelled__lte=F("quantity") - F("shipped"))
                & Q(returned__lte=F("shipped")),
                name="line_pieces_agree",
            ),
            models.CheckConstraint(
                condition=Q(hem_mm=0) | Q(hem_agreed_at__isnull=False, is_final_sale=True),
                name="line_hem_is_agreed",
            ),
            models.CheckConstraint(
                condition=Q(hem_fee_yen__lte=F("unit_price_yen")), name="line_hem_fee_within"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "sku_id"], name="line_sku")]
        ordering: ClassVar = ["position"]

    @property
    def hem_cm(self) -> str:
        return hem_cm(self.hem_mm)

    @property
    def open(self) -> int:
        """Pieces still to be sent."""
        return self.quantity - self.cancelled - self.shipped

    @property
    def due(self) -> str:
        """When what is sold ahead, made or hemmed is sent (catalogue.promise); empty once it is."""
        day = self.ships_on.isoformat() if self.ships_on else ""
        return (self.preorder_month or day) if self.open else ""

    @property
    def kept(self) -> int:
        """Pieces sent and not returned."""
        return self.shipped - self.returned

    @property
    def given_back(self) -> int:
        return self.cancelled + self.returned


class Reduction(TenantModel):
    """Pieces of a line (or, without a line, charges) that were given up, and their worth."""

    append_only = True

    order = TenantKey(Order, related_name="reductions")
    line = TenantKey(OrderLine, related_name="reductions", null=True)
    kind = models.CharField(max_length=8)  # cancel, return
    reference = models.UUIDField()  # the cancellation or return it belongs to
    quantity = models.PositiveIntegerField(default=0)
    yen = models.PositiveIntegerField()
    taxes = models.JSONField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "reference", "line"], name="reduction_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "order", "at"], name="reduction_order"),
            models.Index(fields=["site", "at", "id"], name="reduction_time"),
        ]
        ordering: ClassVar = ["at", "id"]


class OrderEvent(TenantModel):
    """Who changed what, when. Never altered."""

    append_only = True

    order = TenantKey(Order, related_name="events")
    kind = models.CharField(max_length=30)
    machine = models.CharField(max_length=12, blank=True)
    was = models.CharField(max_length=12, blank=True)
    became = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)  # shopper, operator, system
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "order", "at"], name="event_history"),
            models.Index(fields=["site", "at"], name="order_event_time"),
        ]
        ordering: ClassVar = ["at", "id"]


class FileTemplate(TenantModel):
    """受注CSVのテンプレート: which columns a file of orders has, and in which encoding."""

    name = models.CharField(max_length=60)
    columns = models.JSONField()  # orders.exporting.COLUMNS, in the order of the file
    encoding = models.CharField(max_length=10, default="utf-8-sig")
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="file_template_name"),
            models.CheckConstraint(
                condition=Q(encoding__in=["utf-8-sig", "cp932"]), name="file_template_encoding"
            ),
        ]
        ordering: ClassVar = ["name"]
