"""What axe finds against WCAG 2.2 A and AA on a page, and in its frames."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.window import Window

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "iframes": False,
}  # fmt: skip


def violations(window: Window) -> list[str]:
    """A line for each: the rule, where, and the element."""
    found = []
    for frame in window.page.frames:  # of other origins too, which axe itself cannot enter
        if "/preview/" in frame.url:  # runs no script, not even axe's; its page is looked at itself
            continue
        for broken in Axe().run(frame, options=OPTIONS).response["violations"]:
            found += [
                f"{broken['id']} at {frame.url}: {node['html'][:160]} {_why(node)}"
                for node in broken["nodes"]
            ]
    return found


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
