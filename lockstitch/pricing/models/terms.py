"""What a site asks beside the price of the goods."""

from typing import ClassVar

from django.db import models

from lockstitch.tenancy.models import TenantModel


class Terms(TenantModel):
    """One row a site, in yen with tax included. Tables rise: [[up to this, fee], …]. The JSON
    columns have the form that `pricing.terms` checks."""

    shipping_yen = models.PositiveIntegerField(default=660)
    free_shipping_from_yen = models.PositiveIntegerField(null=True, default=11_000)
    free_measures_before = models.BooleanField(default=False)  # the limit, before discounts
    shipping_by_prefecture = models.JSONField(default=dict)  # {"沖縄県": 1650}
    weight_fees = models.JSONField(default=list)  # [[grams, fee], …]
    islands = models.JSONField(default=dict)  # {"100": 1200}: by the postal code's first three
    cod_fees = models.JSONField(default=list)  # [[total, fee], …]
    wrappings = models.JSONField(default=list)  # [{"key", "name": {ja, en}, "yen"}]
    bank_account = models.JSONField(default=dict)  # {"ja": …, "en": …}
    bank_days = models.PositiveIntegerField(default=7)
    lead_days = models.PositiveIntegerField(default=3)
    carrier = models.CharField(max_length=20, default="yamato")
    preorder_charge = models.CharField(max_length=8, default="order")  # of a card: orders.rules
    hold_minutes = models.PositiveIntegerField(default=0)  # at the payment step; 0: no hold
    return_days = models.PositiveIntegerField(default=8)  # after delivery; 0: none
    return_fee_yen = models.PositiveIntegerField(default=0)
    closed_weekdays = models.JSONField(default=list)  # 0 is Monday
    closed_days = models.JSONField(default=list)  # ["2027-01-01", …]
    registration_number = models.CharField(max_length=14, blank=True, default="")  # T + 13 digits
    issuer = models.JSONField(default=dict)  # of invoices: {"name", "address", "phone"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], name="terms_site"),
            models.CheckConstraint(
                condition=models.Q(registration_number__regex=r"^(T\d{13})?$"),
                name="terms_registration_number",
            ),
        ]
