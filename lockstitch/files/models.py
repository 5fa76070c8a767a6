"""What came in, what was found in it, and what was made of it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lockstitch.tenancy.models import TenantKey, TenantModel


class Upload(TenantModel):
    """One file. Its bytes are in `Waiting` until the worker has looked at them, and sealed in the
    quarantine from then to `kept_until`."""

    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField()  # the operator
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    use = models.CharField(max_length=16)  # what it is for: "colour"
    target = models.UUIDField()  # ... and for which one
    frame = models.JSONField(null=True)  # framing.Frame.numbers: which part of it is wanted
    archive = models.UUIDField(null=True)  # the upload that it came out of
    state = models.CharField(max_length=8, default="waiting")
    kind = models.CharField(max_length=12, blank=True)  # by its first bytes
    reason = models.CharField(max_length=12, blank=True)  # why it was refused: rules.REASONS
    findings = models.JSONField(default=list)  # rules.FINDINGS, "marker:<rule>"
    scanners = models.JSONField(default=dict)  # scanner -> what it said
    made = models.JSONField(default=list)  # keys of the media made of it
    kept_until = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)  # the sealed original was destroyed

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "taken", "refused")), name="upload_state"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "target", "-id"], name="upload_target"),
            models.Index(
                fields=["kept_until"], condition=models.Q(gone_at=None), name="upload_kept"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Waiting(TenantModel):
    """A file's bytes on their way to the worker. The shop adds rows and can read none."""

    upload = TenantKey(Upload, models.CASCADE, related_name="+")
    data = models.BinaryField()
    source = models.CharField(max_length=64, blank=True)  # the address that it came from

    def __str__(self) -> str:
        return str(self.upload_id)
