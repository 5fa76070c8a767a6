"""The tables of a site's brands: read, kept, taken away. The index follows by itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Product
from lockstitch.catalogue.models import SizeTable as SizeTable
from lockstitch.catalogue.own_sizes import Read
from lockstitch.kernel.errors import NotFound, Refused


def size_tables() -> list[SizeTable]:
    return list(SizeTable.objects.all())


def tables_of(brands: Iterable[str]) -> list[SizeTable]:
    """Those of these brands; none is asked for where no brand is named."""
    named = {brand for brand in brands if brand}
    return list(SizeTable.objects.filter(brand__in=named)) if named else []


def find_size_table(table_id: UUID) -> SizeTable | None:
    return SizeTable.objects.filter(id=table_id).first()


def brands() -> list[str]:
    """Those of the site's products, for who makes a table."""
    rows = Product.objects.exclude(brand="").order_by("brand")
    return list(rows.values_list("brand", flat=True).distinct()[:400])


def keep_size_table(
    table_id: UUID | None, *, brand: str, kind: str, gender: str, table: Read
) -> SizeTable:
    """Makes or changes one. Raises Refused where there is another for the same goods."""
    try:
        with transaction.atomic():
            row: SizeTable | None = SizeTable.here()
            if table_id is not None:
                row = SizeTable.objects.select_for_update().filter(id=table_id).first()
            if row is None:
                raise NotFound(_("There is no such table."))
            row.brand, row.kind, row.gender = brand, kind, gender
            row.systems, row.rows, row.meanings = table.systems, table.rows, table.meanings
            row.save()
            return row
    except IntegrityError:
        raise Refused(_("There is a table of this brand for the same goods already.")) from None


def drop_size_table(table_id: UUID) -> None:
    with transaction.atomic():
        SizeTable.objects.filter(id=table_id).delete()
