"""Companies, their sites, and the base of every table that belongs to a site."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from lockstitch.tenancy.scope import current_site_id


class Uuid7(models.Func):
    """Time-ordered keys made by the database (RFC 9562), so that indexes grow at one end."""

    function = "uuidv7"
    arity = 0
    output_field = models.UUIDField()


class Company(models.Model):
    id = models.UUIDField(primary_key=True, db_default=Uuid7())
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A shop: what the visitor of its hosts sees. `look` holds its design tokens and texts."""

    id = models.UUIDField(primary_key=True, db_default=Uuid7())
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_ja = models.CharField(max_length=120, blank=True)
    hosts = ArrayField(models.CharField(max_length=253))
    mail_from = models.EmailField()
    look = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["hosts"], name="site_hosts")]

    def __str__(self) -> str:
        return self.name


class Scoped(models.Manager[Any]):
    """Rows of the current site only; outside a scope, an error."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(site_id=current_site_id())


class TenantModel(models.Model):
    """A row that belongs to one site. `tenancy.fence` gives its table a row policy."""

    id = models.UUIDField(primary_key=True, db_default=Uuid7())
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = Scoped()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new row gets the scope's site; the row policy would refuse any other."""
        if self.site_id is None:
            self.site_id = current_site_id()
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    @classmethod
    def here(cls, **values: Any) -> Self:
        """An unsaved row of the current site, for set-based writes."""
        return cls(site_id=current_site_id(), **values)


class TenantKey(models.ForeignKey[Any, Any]):
    """A reference within a site. The database's own constraint is made by `tenancy.fence`, over
    `(site_id, …)`, so that a row cannot point into another site."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)
