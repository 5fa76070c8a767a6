"""Which role may do what to which table. What is not here is refused by the database.

Column lists are the border between shop and desk: the desk writes a checkout's masked hints and
nothing else of it; the shop writes no company, site, operator or member.
"""

READ = "SELECT"
WRITE = "SELECT, INSERT, UPDATE"
FULL = "SELECT, INSERT, UPDATE, DELETE"
ADD = "SELECT, INSERT"

_CATALOGUE = (
    "catalogue_category", "catalogue_product", "catalogue_colour", "catalogue_size",
    "catalogue_sku", "catalogue_picture", "catalogue_colourpicture",
)  # fmt: skip
_QUEUE_ADD = {
    "procrastinate_jobs": ADD, "procrastinate_events": ADD, "procrastinate_periodic_defers": READ,
}  # fmt: skip

GRANTS: dict[str, dict[str, str]] = {
    "ls_shop": {
        "tenancy_company": READ,
        "tenancy_site": READ,
        "access_operator": READ,
        "access_handover": "SELECT, UPDATE, DELETE",
        "django_session": FULL,
        **dict.fromkeys(_CATALOGUE, FULL),
        "inventory_stock": WRITE,
        "inventory_movement": ADD,
        "pricing_terms": WRITE,
        "members_member": READ,
        "content_page": WRITE,
        "orders_order": WRITE,
        "orders_destination": WRITE,
        "orders_orderline": "SELECT, INSERT, UPDATE (cancelled, shipped, returned)",
        "orders_reduction": ADD,
        "orders_orderevent": ADD,
        "payments_payment": ADD,
        "payments_capture": ADD,
        "fulfilment_shipment": ADD,
        "checkout_cart": WRITE,
        "checkout_cartline": FULL,
        "checkout_checkout": WRITE,
        **_QUEUE_ADD,
    },
    "ls_desk": {
        "tenancy_company": ADD,
        "tenancy_site": WRITE,
        "access_operator": WRITE,
        "access_handover": ADD,
        **dict.fromkeys(_CATALOGUE, READ),
        "inventory_stock": READ,
        "pricing_terms": READ,
        "members_member": WRITE,
        "orders_order": READ,
        "orders_destination": READ,
        "orders_orderline": READ,
        "checkout_cart": READ,
        "checkout_cartline": READ,
        "checkout_checkout": (
            "SELECT, UPDATE (record_id, buyer_hint, prefecture, postal_zone, contact_at)"
        ),
    },
    "ls_worker": {
        "tenancy_company": READ,
        "tenancy_site": READ,
        **dict.fromkeys(_CATALOGUE, FULL),
        "inventory_stock": WRITE,
        "inventory_movement": ADD,
        "pricing_terms": READ,
        "content_page": READ,
        "members_member": READ,
        "orders_order": READ,
        "orders_destination": READ,
        "orders_orderline": READ,
        "orders_reduction": READ,
        "orders_orderevent": READ,
        "payments_payment": READ,
        "payments_capture": READ,
        "fulfilment_shipment": READ,
        "procrastinate_jobs": FULL,
        "procrastinate_events": FULL,
        "procrastinate_periodic_defers": FULL,
        "procrastinate_workers": FULL,
    },
}
