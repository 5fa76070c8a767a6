"""The letter to a person, in both languages: what the guard fills in is left open."""

from collections.abc import Mapping
from typing import Any

from lockstitch.disclosure.documents import BY_ID, markdown


def letter(figures: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Subject and body; `figures` by language."""
    subjects, bodies = [], []
    for lang in ("ja", "en"):
        head, _, rest = markdown(BY_ID["person"], figures[lang]).partition("\n")
        subjects.append(head.removeprefix("# "))
        bodies.append(_plain(rest))
    return " / ".join(subjects), "\n\n---\n\n".join(bodies) + "\n"


def _plain(text: str) -> str:
    """Markdown's marks are for pages: a mail has none."""
    lines = [
        f"■ {line.removeprefix('## ')}" if line.startswith("## ") else line
        for line in text.strip().splitlines()
    ]
    return "\n".join(lines).replace("\\", "")
