"""All drafts of a case as files: what goes to the authority, to shops, to the press."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from lockstitch.disclosure.documents import KINDS, LANGUAGES, Kind, markdown, page, pdf
from lockstitch.disclosure.figures import figures, touched_of
from lockstitch.sealed.assessments import Assessment, Incident


def draft(kind: Kind, lang: str, case: Incident, found: Assessment, only: UUID | None) -> str:
    """The text of one."""
    return markdown(kind, figures(case, found, lang, only=only))


def write_drafts(
    case: Incident, found: Assessment, folder: Path, advance: Callable[[int, int], None]
) -> int:
    """Text, page and paper of each, in each language; how many files. Raises OSError."""
    touched = touched_of(found.sites)
    wanted: list[tuple[Kind, str, str, UUID | None]] = []
    for kind in KINDS:
        for lang in LANGUAGES:
            if kind.of_site:
                wanted += [(kind, lang, f"shop-{n:03}", site.site_id)
                           for n, site in enumerate(touched, 1)]  # fmt: skip
            else:
                wanted.append((kind, lang, kind.id, None))
    for done, (kind, lang, name, only) in enumerate(wanted, 1):
        text = draft(kind, lang, case, found, only)
        into = folder / lang
        into.mkdir(parents=True, exist_ok=True)
        (into / f"{name}.md").write_text(text)
        (into / f"{name}.html").write_text(page(text, lang, case.title))
        (into / f"{name}.pdf").write_bytes(pdf(text, lang))
        advance(done, len(wanted))
    return 3 * len(wanted)
