"""Django's migrations, in a tenth of their time.

After each change of a model Django renders anew every model that is related to it, over any number
of steps and both ways. As every table of a tenant names its site, that is all of them, three
hundred times. What has to be rendered anew is only what holds the changed model's class: the model
and what points to it. The schema that comes out is the same (decision 053).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db.migrations.state import ProjectState


def apply_migrations() -> None:
    """All that are not applied yet, to the default database."""
    with only_what_points_to_it():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def only_what_points_to_it() -> Iterator[None]:
    """Within it, a changed model brings along only those that refer to it."""
    was = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _referring  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = was  # type: ignore[attr-defined]


def _referring(
    state: Any, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    state.is_delayed = state.is_delayed or delay
    found: set[tuple[str, str]] = set()
    left = [(app_label, model_name)]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left += state.relations.get(key, ())
    return found
