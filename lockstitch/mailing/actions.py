"""Keeping a shop's own letters."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import LANGUAGES
from lockstitch.mailing.models import Template
from lockstitch.mailing.rules import LETTERS, Unfit, Written, check
from lockstitch.tenancy.scope import current_site_id


def keep_template(name: str, language: str, written: Written, *, by: UUID) -> None:
    """From now on this letter is written so. Raises Refused with what is wrong with it."""
    if name not in LETTERS or language not in LANGUAGES:
        raise Refused(_("There is no such letter."))
    try:
        check(written, name)
    except Unfit as unfit:
        raise Refused(str(unfit)) from None
    with transaction.atomic():
        Template.objects.update_or_create(
            site_id=current_site_id(), name=name, language=language,
            defaults={
                "subject": written.subject.strip(), "text": written.text, "html": written.html,
                "by": by, "kept_at": now(),
            },
        )  # fmt: skip


def drop_template(name: str, language: str) -> None:
    """Back to the built-in letter."""
    with transaction.atomic():
        Template.objects.filter(name=name, language=language).delete()
