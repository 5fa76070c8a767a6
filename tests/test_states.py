"""The drawings of the state machines are those of the code."""

import runpy

from lockstitch.cli.instance import ROOT


def test_the_drawings_are_of_the_code() -> None:
    drawn = runpy.run_path(str(ROOT / "docs" / "draw_states.py"))["drawn"]()
    assert (ROOT / "docs" / "states.md").read_text() == drawn
