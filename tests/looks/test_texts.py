"""Every text of the pages has its Japanese, with the same placeholders."""

import re
import subprocess
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "lockstitch" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
PYTHON = re.compile(r"""\b_\(\s*["']((?:[^"'\\]|\\.)+)["']\s*\)""")
TRANSLATE = re.compile(r"""\{%\s*translate\s+"((?:[^"\\]|\\.)+)"\s*%\}""")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="ja") if message.id]
    assert [message.id for message in messages if message.fuzzy] == []  # those are not compiled
    pairs = {}
    for message in messages:
        if isinstance(message.id, str):
            pairs[message.id] = str(message.string)
        else:
            pairs[message.id[0]] = pairs[message.id[1]] = str(message.string[0])
    return pairs


def test_every_text_has_its_japanese() -> None:
    known = catalogue()
    assert [text for text, japanese in known.items() if not japanese] == []
    used: set[str] = set()
    for path in (ROOT / "lockstitch").rglob("*"):
        if path.suffix == ".py" and "cli" not in path.parts:
            used |= set(PYTHON.findall(path.read_text()))
        elif path.suffix in {".html", ".txt"}:
            used |= set(TRANSLATE.findall(path.read_text()))
    assert len(used) > 250
    assert {text.replace('\\"', '"') for text in used} - known.keys() == set()


def test_placeholders_survive() -> None:
    wrong = [
        text
        for text, japanese in catalogue().items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(japanese))
    ]
    assert wrong == []


def test_the_catalogue_compiles(tmp_path: Path) -> None:
    made = subprocess.run(
        ["msgfmt", "--check", "-o", tmp_path / "x.mo", CATALOGUE], capture_output=True, check=False
    )
    assert made.returncode == 0, made.stderr.decode()
