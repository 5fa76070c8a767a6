"""docs/security/asvs.md against the standard's list of requirements and against the tree; and what
the table says of the code as a whole."""

import ast
import json
import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from lockstitch.catalogue.fetching import PictureFetcher, Unfetched
from lockstitch.cli.child import log_file
from tests.test_tidy import ROOT, TEXTS, nodes

TABLE = ROOT / "docs" / "security" / "asvs.md"
RULES = ROOT / "docs" / "security" / "rules.md"
# ASVS 5.0.0: of each section the levels of its requirements, in order.
LEVELS = """
V1.1 22 V1.2 1111122223 V1.3 112222222223 V1.4 222 V1.5 123 V2.1 122 V2.2 112 V2.3 12223 V2.4 23
V3.1 3 V3.2 113 V3.3 12223 V3.4 11222233 V3.5 11122333 V3.6 3 V3.7 22333 V4.1 12233 V4.2 23333
V4.3 22 V4.4 1222 V5.1 2 V5.2 112333 V5.3 113 V5.4 222 V6.1 122 V6.2 111111112222 V6.3 11223333
V6.4 112233 V6.5 22222333 V6.6 2223 V6.7 33 V6.8 2222 V7.1 222 V7.2 1111 V7.3 22 V7.4 11222
V7.5 223 V7.6 22 V8.1 1233 V8.2 1123 V8.3 133 V8.4 23 V9.1 111 V9.2 1222 V10.1 22 V10.2 223
V10.3 22223 V10.4 1111122222233333 V10.5 22222 V10.6 22 V10.7 222 V11.1 2233 V11.2 22233
V11.3 11233 V11.4 1222 V11.5 23 V11.6 23 V11.7 33 V12.1 12233 V12.2 11 V12.3 22223 V13.1 2333
V13.2 222223 V13.3 2233 V13.4 1222233 V14.1 22 V14.2 12223333 V14.3 122 V15.1 12233 V15.2 12233
V15.3 1222222 V15.4 3333 V16.1 2 V16.2 22222 V16.3 2222 V16.4 222 V16.5 2223 V17.1 23
V17.2 22223333 V17.3 22
"""
STANDARD = {
    f"{section}.{number}": int(level)
    for section, levels in re.findall(r"(V\S+) (\d+)", LEVELS)
    for number, level in enumerate(levels, 1)
}
NOT_APPLICABLE = re.compile(
    r"V(?:10|17|4\.3|4\.4|6\.8|7\.6)\..*|V7\.1\.3|V6\.6\.1|V1\.2\.[678]|V1\.3\.[89]|V1\.4\.[13]"
)
ROW = re.compile(r"^\| (V[\d.]+) \| (\d) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", re.M)
STATES = ("met", "partly", "not", "deployer's")

type Row = tuple[str, ...]


@cache
def rows() -> list[Row]:
    return [found.groups() for found in ROW.finditer(TABLE.read_text())]


def state(row: Row) -> str:
    return row[3].replace("**", "").partition(":")[0]


def test_the_list_is_the_standards() -> None:
    assert Counter(STANDARD.values()) == {1: 70, 2: 183, 3: 92}


def test_every_requirement_that_applies_has_its_line() -> None:
    wanted = {
        requirement: level for requirement, level in STANDARD.items()
        if level < 3 and not NOT_APPLICABLE.fullmatch(requirement)
    }  # fmt: skip
    assert len(wanted) == 196
    assert [(row[0], int(row[1])) for row in rows()] == list(wanted.items())


def test_the_counts_at_the_top_are_those_of_the_lines() -> None:
    counts = Counter(map(state, rows()))
    assert set(counts) <= set(STATES)
    said = "**{met} met, {partly} partly, {not} not, {deployer's} the deployer's.**"
    assert said.format_map(counts) in TABLE.read_text()


def test_what_is_met_is_shown_and_what_is_not_says_why() -> None:
    assert [row[0] for row in rows() if state(row) == "met" and "tests/" not in row[5]] == []
    assert [row[0] for row in rows() if state(row) == "partly" and ":" not in row[3]] == []


def test_everything_that_the_table_names_is_there() -> None:
    missing, number = [], 0
    for row in rows():
        for name in re.findall(r"`([^`]+)`", f"{row[4]} {row[5]}"):
            number += 1
            file, _, part = name.partition("::")
            file, _, heading = file.partition("#")
            if not _has(ROOT / file, part, heading):
                missing.append(f"{row[0]}: {name}")
    assert missing == []
    assert number > 250


def _has(file: Path, part: str, heading: str) -> bool:
    if not file.is_file():
        return False
    text = file.read_text()
    if file.name.startswith("test_"):
        return f"def {part}(" in text
    headings = {
        line.lstrip("# ").lower().replace(" ", "-")
        for line in text.splitlines() if line.startswith("#")
    }  # fmt: skip
    return part in text and (not heading or heading in headings)


# What rules.md says -> where the code says it.
SAID = [
    ("1 MB, a form with a file 20 MB, address 8,000", "lockstitch/looks/doors.py",
     "BODY_BYTES_MAX = 1_000_000\nFILES_BYTES_MAX = 20_000_000\n"),
    ("1 MB, a form with a file 20 MB, address 8,000", "lockstitch/looks/doors.py",
     "TARGET_BYTES_MAX = 8_000\n"),
    ("20,000 fields", "lockstitch/settings.py", "DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000"),
    ("30 s, 4 s for a lock", "lockstitch/settings.py", "lock_timeout=4s -c statement_timeout=30s"),
    ("50 lines of 20 pieces", "lockstitch/checkout/rules.py", "LINE_MAX = 20"),
    ("50 lines of 20 pieces", "lockstitch/checkout/rules.py", "LINES_MAX = 50"),
    ("30 people in ten minutes, 200 in a day", "guard/limits.py",
     "in_ten_minutes: int = 30\n    in_a_day: int = 200\n"),
    ("200 records; 40,000 records", "guard/wire_base.py", "RECORDS_MAX = 200"),
    ("200 records; 40,000 records", "guard/wire_export.py", "EXPORT_MAX = 40_000"),
    ("64 connections", "guard/server.py", "CONNECTIONS_MAX = 64"),
    ("64 sign-ins waiting for one of two threads", "guard/passwords.py",
     "THREADS = 2\nQUEUE_MAX = 64"),
    ("8 to 1024 characters", "guard/passwords.py", "LENGTH_MIN = 8\nLENGTH_MAX = 1024"),
    ("five free tries an account and twenty an address", "guard/throttle.py",
     "FREE_OF_ACCOUNT = 5\nFREE_OF_ADDRESS = 20"),
    ("five tries, ten minutes", "guard/registration.py",
     "CODE_AGE = timedelta(minutes=10)\nCODE_TRIES = 5"),
    ("| 15 minutes | 8 hours |", "guard/sessions.py",
     "OPERATOR_AGE = timedelta(hours=8)\nOPERATOR_IDLE_SECONDS = 900"),
    ("| 30 minutes | 8 hours |", "lockstitch/console/worker.py",
     "SESSION_S, IDLE_S = 60 * 60 * 8, 60 * 30"),
    ("| none | 30 days", "guard/sessions.py", "MEMBER_AGE = timedelta(days=30)"),
    ("20 MB, 50 megapixels", "lockstitch/files/rules.py", "PICTURE_BYTES = 20 * 1024 * 1024"),
    ("20 MB, 50 megapixels", "lockstitch/files/child.py",
     "MAX_PIXELS, MAX_SIDE, WIDTH = 50_000_000"),
    ("200 files, 100 MB", "lockstitch/files/child.py",
     "MEMBERS, MEMBER_BYTES, TOTAL_BYTES = 200, 20 * 2**20, 100 * 2**20"),
    ("100,000 and 5,000 rows", "lockstitch/inventory/feed.py", "ROWS_MAX = 100_000"),
    ("100,000 and 5,000 rows", "lockstitch/fulfilment/tracking.py", "ROWS_MAX = 5_000"),
    ("| 5 MB |", "lockstitch/desk/views/bankfile.py", "BYTES_MAX = 5_000_000"),
    ("3 × 5 MB each", "lockstitch/cli/child.py", "LOG_BYTES, LOG_OLD_FILES = 5_000_000, 2"),
    ("wraps the rest", "guard/wire_keys.py", '"seal", "master", "wrap"'),
]  # fmt: skip


@pytest.mark.parametrize(("words", "file", "code"), SAID)
def test_the_rules_are_those_of_the_code(words: str, file: str, code: str) -> None:
    assert words in RULES.read_text()
    assert code in (ROOT / file).read_text()


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {one.name.partition(".")[0] for one in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def called(node: ast.AST) -> str:
    """`eval`, `os.system`, `modes.ECB`, `.raw`"""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        whose = function.value.id if isinstance(function.value, ast.Name) else ""
        return f"{whose}.{function.attr}"
    return ""


def is_shell(node: ast.AST) -> bool:
    return called(node) in ("os.system", "os.popen") or (
        isinstance(node, ast.Call)
        and any(k.arg == "shell" and not _is_false(k.value) for k in node.keywords)
    )


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def is_open_pattern(node: ast.AST) -> bool:
    """A regular expression put together of what is no constant."""
    verbs = {f"re.{verb}" for verb in ("compile", "search", "match", "fullmatch", "sub")}
    if called(node) not in verbs or not isinstance(node, ast.Call):
        return False
    parts = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.FormattedValue)]
    return any(not isinstance(one, ast.Name) or not one.id.isupper() for one in parts)


FORBIDDEN: dict[str, tuple[Callable[[ast.AST], bool], tuple[str, ...]]] = {
    "code that is made while it runs": (lambda n: called(n) in ("eval", "exec"), ()),
    "a shell": (is_shell, ()),
    "objects from bytes": (
        lambda n: bool(imported(n) & {"pickle", "marshal", "shelve", "dill", "yaml"}), ()
    ),
    "a parser of XML": (lambda n: bool(imported(n) & {"xml", "lxml", "xmltodict"}), ()),
    "an archive": (
        lambda n: bool(imported(n) & {"zipfile", "tarfile", "gzip", "bz2"}),
        # In a process that can do nothing else; and Excel's, of which no part becomes a file.
        ("lockstitch/files/child.py", "lockstitch/catalogue/files.py"),
    ),
    # What is invented for demo and test world may be the same each time.
    "chance that can be foreseen": (lambda n: "random" in imported(n), ("lockstitch/cli/",)),
    "a weak hash": (
        lambda n: called(n) in ("hashlib.md5", "hashlib.sha1"), ("guard/foreign.py",)
    ),
    "a weak mode": (lambda n: called(n) in ("modes.ECB", "modes.CBC", "padding.PKCS1v15"), ()),
    "SQL beside the ORM": (lambda n: called(n).endswith((".raw", "RawSQL")), ()),
    # Made of our own words for colours, and of a number of digits.
    "a pattern of what is typed": (
        is_open_pattern, ("lockstitch/catalogue/colours.py", "lockstitch/payments/zengin.py")
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(FORBIDDEN))
def test_the_code_has_no(what: str) -> None:
    is_it, but = FORBIDDEN[what]
    found = [
        f"{file}:{getattr(node, 'lineno', 0)}"
        for file, node in nodes()
        if file.startswith(("lockstitch/", "guard/")) and is_it(node)
        and not file.startswith(but or ("-",))
    ]  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    "word",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
     "postMessage", "localStorage", "sessionStorage", "indexedDB", "document.cookie", "__proto__",
     "javascript:"],
)  # fmt: skip
def test_no_script_of_ours_uses(word: str) -> None:
    scripts = [path for path in TEXTS if path.suffix == ".js" and "static" in path.parts]
    assert scripts
    assert [str(path) for path in scripts if word in TEXTS[path]] == []


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x.png", "http://localhost/x.png", "http://10.0.0.1/x",
     "http://169.254.169.254/latest/", "http://0.0.0.0/", "file:///etc/passwd", "gopher://a/",
     "//127.0.0.1/x"],
)  # fmt: skip
def test_a_picture_is_fetched_from_public_hosts_only(address: str) -> None:
    with pytest.raises(Unfetched, match=r"not a public host|not an http address"):
        PictureFetcher().fetch(address)


def test_a_line_of_a_log_says_its_zone(tmp_path: Path) -> None:
    log = log_file(tmp_path, "x")
    log.info("hello")
    logging.shutdown()
    line = (tmp_path / "x.log").read_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z hello\n", line)


def test_the_list_of_parts_is_the_lock() -> None:
    command = [Path(sys.executable).parent / "cyclonedx-py", "requirements"]
    said = subprocess.run(
        [*command, ROOT / "requirements.lock"], capture_output=True, text=True, check=True
    )
    parts = {(one["name"], one["version"]) for one in json.loads(said.stdout)["components"]}
    locked = re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / "requirements.lock").read_text(), re.M)
    assert parts == set(locked)
    assert len(parts) > 30
