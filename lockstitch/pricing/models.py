"""What a site asks beside the price of the goods."""

from django.db import models

from lockstitch.tenancy.models import TenantModel


class Terms(TenantModel):
    """One row a site. `cod_fees` is a list of [up to this total, fee], in yen, tax included."""

    shipping_yen = models.PositiveIntegerField(default=660)
    free_shipping_from_yen = models.PositiveIntegerField(null=True, default=11_000)
    cod_fees = models.JSONField(default=list)
    bank_account = models.JSONField(default=dict)  # {"ja": …, "en": …}
    bank_days = models.PositiveIntegerField(default=7)
    lead_days = models.PositiveIntegerField(default=3)
    carrier = models.CharField(max_length=20, default="yamato")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="terms_site")]
