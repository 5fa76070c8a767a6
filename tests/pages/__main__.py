"""Looks at the pages of a demo: `bin/pages --help`."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.axe import OPTIONS
from tests.browser.window import chromium
from tests.instance import folder, started
from tests.pages.addresses import addresses, read

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PHONE = {"width": 390, "height": 844}
UNLISTED = ("/cart/",)  # not for search engines, which costs it its points


@dataclass
class Seen:
    """What is said of one page."""

    url: str
    scores: dict[str, int] = field(default_factory=dict)
    weak: list[str] = field(default_factory=list)  # Lighthouse's audits that cost points
    axe: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        wanted = len(CATEGORIES) - self.url.endswith(UNLISTED)
        good = len(self.scores) == wanted and min(self.scores.values()) >= LEAST
        return good and not self.axe and not self.html


def lighthouse(tools: Path, url: str, seen: Seen) -> None:
    """The phone profile, which is its default: a slow phone on a slow network."""
    report = _report(tools, url, seen)
    if any(category["score"] is None for category in report.get("categories", {}).values()):
        report = _report(tools, url, seen)  # now and then it gets no trace of a page
    for name, category in report.get("categories", {}).items():
        if name == "seo" and url.endswith(UNLISTED):
            continue
        seen.scores[name] = round((category["score"] or 0) * 100)
        for ref in category["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                seen.weak.append(f"{audit['id']} {audit.get('displayValue', '')}".strip())


def _report(tools: Path, url: str, seen: Seen) -> dict[str, Any]:
    """Empty when there is none."""
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "report.json"
        command = [
            str(tools / "node_modules/.bin/lighthouse"), url, "--quiet", "--output=json",
            f"--output-path={out}", "--chrome-flags=--headless=new --no-sandbox",
            f"--only-categories={','.join(CATEGORIES)}",
        ]  # fmt: skip
        done = subprocess.run(
            command, env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        if not out.exists():
            seen.weak.append(f"lighthouse: {done.stderr.strip()[-200:]}")
            return {}
        found: dict[str, Any] = json.loads(out.read_text())
        return found


def axe(browser: Browser, url: str, seen: Seen) -> None:
    page = browser.new_page(viewport=PHONE, bypass_csp=True)  # axe is a script of ours
    page.goto(url)
    for broken in Axe().run(page, options=OPTIONS).response["violations"]:
        seen.axe += [f"{broken['id']}: {node['html'][:120]}" for node in broken["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        seen.axe.append("wider than a phone")
    page.close()


def html(tools: Path, url: str, seen: Seen) -> None:
    jar = tools / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        ["java", "-jar", str(jar), "--errors-only", "--format", "json", "-"],
        input=read(url), capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    messages = json.loads(done.stderr or done.stdout)["messages"]
    seen.html = [f"{each['message']} (line {each.get('lastLine')})" for each in messages]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/pages", description=__doc__)
    parser.add_argument("tools", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="addresses that this pattern fits")
    parser.add_argument("--fast", action="store_true", help="without Lighthouse")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found: list[Seen] = []
    with folder() as data, started(data, "--demo") as up, chromium() as browser:
        for url in addresses(up):
            if not re.search(asked.only, url):
                continue
            seen = Seen(url)
            found.append(seen)
            axe(browser, url, seen)
            html(asked.tools, url, seen)
            if not asked.fast:
                lighthouse(asked.tools, url, seen)
            if not asked.json:
                tell(seen)
    if asked.json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    good = [each.holds or (asked.fast and not each.axe and not each.html) for each in found]
    return 0 if all(good) else 1


def tell(seen: Seen) -> None:
    marks = " ".join(f"{seen.scores.get(name, '-'):>4}" for name in CATEGORIES)
    print(f"{marks}  axe {len(seen.axe)}  html {len(seen.html)}  {seen.url}", flush=True)
    for line in [*seen.weak, *seen.axe, *seen.html][:12]:
        print(f"       {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
