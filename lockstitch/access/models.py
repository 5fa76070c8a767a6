"""Operators as the console knows them: an opaque id, a handle, sites and a role.

Who they are, their credentials and what they may read of people is the guard's registry, which
does not take this table's word for anything.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lockstitch.kernel.clock import now


class Operator(models.Model):
    id = models.UUIDField(primary_key=True)  # given by the guard
    company = models.ForeignKey("tenancy.Company", on_delete=models.PROTECT, null=True)
    handle = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    site_ids = ArrayField(models.UUIDField(), default=list)
    active = models.BooleanField(default=True)
    sessions_from = models.DateTimeField(default=now)  # what began before has been ended

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "handle"], name="operator_company")]

    def __str__(self) -> str:
        return self.handle


class Handover(models.Model):
    """A sign-in on its way from the desk to the shop: a one-time code that lives a minute."""

    code_digest = models.BinaryField(primary_key=True)
    host = models.CharField(max_length=253)
    kind = models.CharField(max_length=10)  # member, operator, staff
    principal_id = models.UUIDField()
    session_id = models.UUIDField()  # the guard's, which the shop's own does not outlive
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} at {self.host}"
