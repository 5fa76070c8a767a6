"""Members as the shop knows them: an opaque id and a masked hint."""

from django.db import models
from django.db.models.functions import Now

from lockstitch.tenancy.models import TenantModel


class Member(TenantModel):
    """`id` is the guard's principal."""

    hint = models.CharField(max_length=40)  # 山＊ ＊＊
    joined_at = models.DateTimeField(db_default=Now())
