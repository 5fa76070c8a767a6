"""What the demo's shops tell: a feature, news, questions, the law's page, homes of their own."""

import datetime as dt
from typing import Any

from lockstitch.cli.demo_east import THEME
from lockstitch.cli.demo_texts import FAQS, FEATURES, HOMES, LAW, NEWS
from lockstitch.content import actions, themes
from lockstitch.content.queries import find_document
from lockstitch.coordinates.queries import find_coordinate
from lockstitch.kernel.clock import now


def load_content(brand: str) -> None:
    """In the scope of the brand's site. What is there already stays as it is."""
    covers = _library()
    for kind, stories in (("feature", FEATURES[brand]), ("news", NEWS[brand])):
        for n, (slug, state) in enumerate(stories):
            cover = covers[n % len(covers)] if kind == "feature" and covers else ""
            _publish(kind, slug, {"cover": cover, "lead": {}, **state}, age=n * 6)
    _publish("faq", "faq", {"blocks": FAQS[brand]})
    _publish("law", "law", {"items": LAW})
    _publish("home", "home", {"blocks": HOMES[brand]})
    if brand == "east":
        _publish("theme", "theme", themes.read_theme(THEME))


def _publish(kind: str, slug: str, state: dict[str, Any], *, age: int = 0) -> None:
    if find_document(kind, slug) is not None:
        return
    actions.save(kind, slug, state, by=None)
    actions.publish(kind, slug, by=None, since=now() - dt.timedelta(days=age))


def _library() -> list[str]:
    """The coordinates' pictures are also in the library; their keys there."""
    keys = []
    for number in (1, 2):
        found = find_coordinate(number, drafts=True)
        for shot in found.shots if found else []:
            title = found.coordinate.title if found else {}
            medium = actions.add_medium(
                shot.picture, title=title.get("ja", ""), by=None, alt=shot.alt
            )
            keys.append(str(medium.id))
    return keys
