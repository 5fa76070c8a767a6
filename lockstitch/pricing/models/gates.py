"""Early and closed sales: from when on whom a product is sold to."""

from typing import ClassVar

from django.db import models

from lockstitch.catalogue.models import Product
from lockstitch.tenancy.models import TenantKey, TenantModel


class SaleGate(TenantModel):
    """`opens_at` for everyone (null: never), `by_rank` earlier for some, `link_opens_at` for who
    comes with the link. A product without a gate is open."""

    product = TenantKey(Product, models.CASCADE, related_name="+")
    opens_at = models.DateTimeField(null=True)
    by_rank = models.JSONField(default=dict)  # {"gold": "2026-12-01T00:00:00+09:00"}
    link_digest = models.BinaryField(null=True)
    link_opens_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product"], name="gate_product")
        ]
