"""受注CSVのテンプレート: the columns that a shop's other programs want, kept by name."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.kernel.errors import Refused
from lockstitch.orders.exporting import COLUMNS
from lockstitch.orders.models import FileTemplate as FileTemplate
from lockstitch.tenancy.scope import current_site_id

ENCODINGS = ("utf-8-sig", "cp932")
TEMPLATES_MAX = 50


def file_templates() -> list[FileTemplate]:
    return list(FileTemplate.objects.all())


def find_file_template(template_id: str) -> FileTemplate | None:
    """None also for what is no id."""
    try:
        return FileTemplate.objects.filter(id=UUID(template_id)).first()
    except ValueError:
        return None


def keep_file_template(name: str, columns: Sequence[str], encoding: str, *, by: UUID) -> None:
    """Adds a template, or changes the one of this name; the columns in the order of COLUMNS.

    Raises Refused without a name or a column, or when there are too many.
    """
    chosen = [column for column in COLUMNS if column in columns]
    if not name.strip() or not chosen or encoding not in ENCODINGS:
        raise Refused(_("A template has a name and some columns."))
    others = FileTemplate.objects.exclude(name=name.strip())
    if others.count() >= TEMPLATES_MAX:
        raise Refused(_("There are too many templates."))
    FileTemplate.objects.update_or_create(
        site_id=current_site_id(), name=name.strip(),
        defaults={"columns": chosen, "encoding": encoding, "by": by},
    )  # fmt: skip


def drop_file_template(template_id: UUID) -> None:
    FileTemplate.objects.filter(id=template_id).delete()
