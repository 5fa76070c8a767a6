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
    "catalogue_sku", "catalogue_picture", "catalogue_colourpicture", "catalogue_attribute",
    "catalogue_pairing", "catalogue_importrun", "catalogue_preparation",
    "catalogue_preparationrule", "catalogue_sizetable",
)  # fmt: skip
_SEARCH = {"search_goods": FULL, "search_dirty": FULL, "search_term": FULL,
           "search_formerslug": FULL}  # fmt: skip
_CATALOGUE_KEPT = ("catalogue_pricerecord", "catalogue_revision")
_POINTS = {
    "members_pointaccount": WRITE, "members_pointlot": WRITE, "members_pointentry": ADD,
    "members_pointuse": ADD,
}  # fmt: skip
_MEMBERS_SHOP = {
    "members_member": "SELECT, UPDATE (rank_id, rank_since, rank_measure, birth_month, language)",
    "members_programme": WRITE,
    "members_rank": FULL,
    "members_rankchange": READ,
    "members_consent": ADD,
    "members_favourite": FULL,
    "members_garment": FULL,
    "members_note": READ,
    "members_pointrule": FULL,
    **_POINTS,
}
_MEMBERS_DESK = {  # the only one who opens and closes a membership
    "members_member": WRITE,
    "members_programme": READ,
    "members_rank": READ,
    "members_rankchange": READ,
    "members_consent": ADD,
    "members_favourite": "SELECT, DELETE",
    "members_garment": "SELECT, DELETE",
    "members_note": ADD,
    **_POINTS,
}
_MEMBERS_WORKER = {
    "members_member": ("SELECT, UPDATE (rank_id, rank_since, rank_measure, unmailable_at)"),
    "members_programme": READ,
    "members_rank": READ,
    "members_rankchange": ADD,
    "members_consent": ADD,
    "members_favourite": READ,
    "members_pointrule": READ,
    **_POINTS,
}
_OFFERS_SHOP = {
    "pricing_terms": WRITE,
    "pricing_promotion": WRITE,
    "pricing_coupon": WRITE,
    "pricing_coupongrant": WRITE,
    "pricing_couponuse": ADD,
    "pricing_salegate": FULL,
}
_OFFERS_WORKER = {  # gives coupons back, and to birthdays
    **dict.fromkeys(_OFFERS_SHOP, READ),
    "pricing_coupon": "SELECT, UPDATE (used)",
    "pricing_coupongrant": WRITE,
    "pricing_couponuse": ADD,
}
_CRM_SHOP = {
    "crm_segment": FULL,
    "crm_campaign": WRITE,
    "crm_addressee": READ,
    "crm_reminder": "SELECT, UPDATE (returned_at, order_id)",
    "crm_rankrule": WRITE,
    "crm_productviews": WRITE,
}
_CRM_WORKER = {
    "crm_segment": READ,
    "crm_campaign": "SELECT, UPDATE (state, addressed, posted)",
    "crm_addressee": WRITE,
    "crm_reminder": WRITE,
    "crm_rankrule": READ,
    "crm_productviews": READ,
}
_LOOKS = (
    "coordinates_author", "coordinates_coordinate", "coordinates_shot", "coordinates_piece",
    "coordinates_hotspot", "coordinates_follow", "coordinates_dailycount", "coordinates_added",
)  # fmt: skip
_LOOKS_SHOP = {
    **dict.fromkeys(_LOOKS, FULL),
    "coordinates_issue": WRITE,
    "coordinates_credit": READ,
}
_LOOKS_WORKER = {  # puts pictures to them, and counts what was bought
    "coordinates_coordinate": "SELECT, UPDATE (version)",  # the right to lock the row
    "coordinates_shot": ADD,
    "coordinates_added": READ,
    "coordinates_author": READ,
    "coordinates_credit": WRITE,
}
_SETS = ("sets_goodsset", "sets_setpart")
_BOOKS = {
    "accounting_entry": ADD, "accounting_line": ADD, "accounting_payout": ADD,
    "accounting_close": ADD, "accounting_books": WRITE,
}  # fmt: skip
_QUEUE_ADD = {
    "procrastinate_jobs": ADD, "procrastinate_events": ADD, "procrastinate_periodic_defers": READ,
}  # fmt: skip

# The shop hands a file over and cannot have it back; the worker says what it is.
_FILES_SHOP = {"files_upload": ADD, "files_waiting": "INSERT, SELECT (id)"}
_FILES_WORKER = {"files_upload": WRITE, "files_waiting": FULL}

# The shop decides and never calls: what a provider says of money, only the worker writes down.
_PAYMENTS_SHOP = {
    "payments_payment": WRITE,
    "payments_attempt": "SELECT, INSERT, UPDATE (state)",
    "payments_providercall": "SELECT, INSERT, UPDATE (state, approved_by)",
    "payments_refundrule": "SELECT, INSERT, UPDATE (state, approved_by, decided_at)",
    "payments_accountchange": "SELECT, INSERT, UPDATE (state, approved_by, decided_at)",
    "payments_capture": ADD,
    "payments_refund": ADD,
    "payments_givenback": ADD,
    "payments_disagreement": "SELECT, UPDATE (state, closed_at, closed_by)",
    "payments_connection": READ,
    "payments_transfer": "SELECT, UPDATE (state, order_id, matched_by, matched_at)",
    "payments_refundaccount": READ,
    "payments_refundbatch": WRITE,
    "payments_refundbatchline": ADD,
}
_PAYMENTS_WORKER = {
    "payments_payment": WRITE,
    "payments_attempt": WRITE,
    "payments_providercall": WRITE,
    "payments_refundrule": READ,
    "payments_capture": ADD,
    "payments_refund": ADD,
    "payments_givenback": ADD,
    "payments_disagreement": WRITE,
    "payments_connection": "SELECT, UPDATE (cursor)",
    "payments_providerevent": READ,
    "payments_transfer": WRITE,
}
_PAYMENTS_DESK = {
    "payments_connection": WRITE,
    "payments_providerevent": ADD,
    "payments_transfer": ADD,
    "payments_payment": READ,
    "payments_refundaccount": ADD,
    "payments_refundbatch": READ,
    "payments_refundbatchline": READ,
}

GRANTS: dict[str, dict[str, str]] = {
    "ls_shop": {
        "tenancy_company": READ,
        "tenancy_site": READ,
        "access_operator": READ,
        "access_handover": "SELECT, UPDATE, DELETE",
        "django_session": FULL,
        **dict.fromkeys(_CATALOGUE, FULL),
        **dict.fromkeys(_CATALOGUE_KEPT, ADD),
        "catalogue_pricewait": FULL,
        **_SEARCH,
        "search_synonym": FULL,
        "search_miss": FULL,
        **_FILES_SHOP,
        "inventory_location": WRITE,
        "inventory_stock": WRITE,
        "inventory_movement": ADD,
        "inventory_allocation": WRITE,
        "inventory_allotment": ADD,
        "inventory_hold": FULL,
        "inventory_sheet": WRITE,
        "inventory_sheetline": WRITE,
        **_OFFERS_SHOP,
        **_CRM_SHOP,
        "mailing_template": FULL,
        **_MEMBERS_SHOP,
        "feedback_review": WRITE,
        "feedback_question": WRITE,
        "feedback_reviewpicture": FULL,
        "wishes_wait": WRITE,
        "wishes_wish": WRITE,
        "wishes_interest": FULL,
        "content_page": FULL,  # one that a release brought goes with it
        "content_notice": READ,
        "content_platformnotice": READ,
        "content_document": FULL,
        "content_edition": ADD,
        "content_release": WRITE,
        "content_releasepart": FULL,
        "content_releaseevent": ADD,
        "content_medium": WRITE,
        "content_inquiry": "SELECT, UPDATE (state, closed_at, closed_by)",
        **_LOOKS_SHOP,
        **dict.fromkeys(_SETS, FULL),
        "orders_order": WRITE,
        "orders_destination": WRITE,
        "orders_orderline": "SELECT, INSERT, UPDATE (cancelled, shipped, returned)",
        "orders_reduction": ADD,
        "orders_orderevent": ADD,
        "orders_filetemplate": FULL,
        **_PAYMENTS_SHOP,
        **_BOOKS,
        "feeds_feed": READ,
        "feeds_freecolumn": FULL,
        "fulfilment_labelbatch": ADD,
        "fulfilment_parcel": WRITE,
        "fulfilment_parcelline": ADD,
        "fulfilment_parcelevent": ADD,
        "fulfilment_paperissue": READ,
        "fulfilment_dispatchterms": WRITE,
        "returns_return": WRITE,
        "returns_returnline": WRITE,
        "returns_returnevent": ADD,
        "checkout_cart": WRITE,
        "checkout_cartline": FULL,
        "checkout_cartset": FULL,
        "checkout_checkout": WRITE,
        "checkout_recipient": FULL,
        "checkout_share": FULL,
        **_QUEUE_ADD,
    },
    "ls_guard": {  # what its watch compares and keys are good for: states and times, nobody
        "orders_order": (
            "SELECT (id, site_id, number, method, status, payment, fulfilment, on_hold, placed_at,"
            " record_id, charge, revision)"
        ),
        "orders_orderline": "SELECT (site_id, order_id, revision, preorder_month, ships_on)",
        "orders_destination": "SELECT (site_id, order_id, record_id)",
        "payments_payment": "SELECT (id, site_id, order_id)",
        "payments_capture": "SELECT (site_id, payment_id, at)",
    },
    "ls_desk": {
        "tenancy_company": ADD,
        "tenancy_site": WRITE,
        "access_operator": WRITE,
        "access_handover": ADD,
        **dict.fromkeys(_CATALOGUE, READ),
        "inventory_stock": READ,
        "orders_reduction": READ,
        "fulfilment_labelbatch": READ,
        "fulfilment_parcel": READ,
        "fulfilment_parcelline": READ,
        "fulfilment_paperissue": ADD,
        "fulfilment_dispatchterms": READ,
        "inventory_location": READ,
        "inventory_hold": READ,
        **dict.fromkeys(_OFFERS_SHOP, READ),
        **_MEMBERS_DESK,
        "content_notice": ADD,
        "content_platformnotice": ADD,
        "wishes_wait": ADD,
        "content_document": ADD,  # a new shop begins in preparation
        "content_edition": ADD,
        "content_inquiry": ADD,
        "coordinates_follow": "SELECT, DELETE",
        "wishes_interest": "SELECT, DELETE",
        "mailing_template": READ,
        "orders_order": "SELECT, UPDATE (member_id)",
        "orders_orderevent": ADD,
        "orders_destination": READ,
        "orders_orderline": READ,
        **_PAYMENTS_DESK,
        **_QUEUE_ADD,
        "checkout_cart": READ,
        "checkout_cartline": READ,
        "checkout_cartset": READ,
        **dict.fromkeys(_SETS, READ),
        "returns_return": READ,
        "returns_returnline": READ,
        "returns_returnevent": READ,
        "checkout_recipient": ADD,
        "checkout_share": READ,
        "checkout_checkout": (
            "SELECT, UPDATE (record_id, buyer_mark, buyer_hint, prefecture, postal_zone,"
            " contact_at)"
        ),
    },
    "ls_worker": {
        "tenancy_company": READ,
        "tenancy_site": READ,
        **dict.fromkeys(_CATALOGUE, FULL),
        **dict.fromkeys(_CATALOGUE_KEPT, ADD),
        "catalogue_pricewait": FULL,
        "content_document": READ,  # whether a file's prices want a second person
        **_SEARCH,
        **_FILES_WORKER,
        "inventory_location": "SELECT, INSERT",
        "inventory_stock": WRITE,
        "inventory_movement": ADD,
        "inventory_allocation": WRITE,
        "inventory_allotment": ADD,
        "inventory_hold": FULL,
        **_OFFERS_WORKER,
        **_CRM_WORKER,
        "mailing_template": READ,
        "content_page": READ,
        "wishes_wait": "SELECT, UPDATE",
        "wishes_pricetold": ADD,
        "content_medium": ADD,
        "feedback_review": "SELECT, UPDATE (state)",  # the right to lock the row
        "feedback_reviewpicture": ADD,
        **_LOOKS_WORKER,
        **_MEMBERS_WORKER,
        "orders_order": "SELECT, UPDATE",
        "orders_destination": READ,
        "orders_orderline": "SELECT, UPDATE (cancelled, shipped, returned, preorder_month)",
        "orders_reduction": ADD,
        "orders_orderevent": ADD,
        "checkout_cart": "SELECT, UPDATE",  # what was not paid goes back into it
        "checkout_cartline": WRITE,
        "checkout_cartset": WRITE,
        **dict.fromkeys(_SETS, READ),
        "checkout_checkout": READ,
        **_PAYMENTS_WORKER,
        **_BOOKS,
        "feeds_feed": WRITE,
        "feeds_freecolumn": READ,
        "fulfilment_parcel": WRITE,
        "fulfilment_parcelline": READ,
        "fulfilment_parcelevent": ADD,
        "fulfilment_dispatchterms": READ,
        "returns_return": READ,
        "returns_returnline": READ,
        "procrastinate_jobs": FULL,
        "procrastinate_events": FULL,
        "procrastinate_periodic_defers": FULL,
        "procrastinate_workers": FULL,
    },
}
