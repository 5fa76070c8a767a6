"""Opening companies and sites."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.models import Company, Site


def open_company(*, name: str) -> Company:
    with transaction.atomic():
        return Company.objects.create(name=name)


def open_site(
    *, company_id: UUID, slug: str, name: str, name_ja: str = "", hosts: list[str], mail_from: str,
    look: dict[str, object] | None = None,
) -> Site:  # fmt: skip
    """A new shop. Raises Refused when the slug or a host is taken."""
    with transaction.atomic():
        if Site.objects.filter(hosts__overlap=hosts).exists():
            raise Refused(_("Another shop answers at that host."))
        try:
            with transaction.atomic():
                return Site.objects.create(
                    company_id=company_id, slug=slug, name=name, name_ja=name_ja, hosts=hosts,
                    mail_from=mail_from, look=look or {},
                )  # fmt: skip
        except IntegrityError:
            raise Refused(_("Another shop has that short name.")) from None


def set_look(site_id: UUID, look: dict[str, object]) -> None:
    with transaction.atomic():
        Site.objects.filter(id=site_id).update(look=look)
