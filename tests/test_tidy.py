"""The rules of the house that no other tool checks, over what git tracks."""

import ast
import gc
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES, FUNCTION_LINES, DECISION_LINES, FILE_BYTES = 400, 70, 25, 1_000_000
CODE = {".py", ".sql", ".html", ".js", ".sh", ""}
# Put together here, so that this file does not name them.
REGISTRIES = ["pypi" + ".org", "files.pythonhosted" + ".org", "registry.npmjs" + ".org"]


def tracked() -> list[Path]:
    said = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in said.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


FILES = tracked()
TEXTS = {
    path: path.read_text(errors="replace") for path in FILES if path.stat().st_size < FILE_BYTES
}
PYTHON = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
TEMPLATES = [path for path in FILES if path.suffix == ".html" and "templates" in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """(file, node) of every function, call and import of our Python: parsed once for all who
    look."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Call, ast.Import, ast.ImportFrom)
    found = [
        (file, node)
        for path in PYTHON for file in [name(path)] for node in ast.walk(ast.parse(TEXTS[path]))
        if isinstance(node, kinds)
    ]  # fmt: skip
    gc.collect()
    gc.freeze()  # a million objects, else looked through again and again while the others run
    return found


def test_something_is_tracked() -> None:
    assert len(PYTHON) > 100
    assert TEMPLATES


def test_no_file_of_code_is_long() -> None:
    lengths = {
        name(path): len(text.splitlines())
        for path, text in TEXTS.items()
        if path.suffix in CODE and "migrations" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_long() -> None:
    long = [
        f"{file}:{node.lineno} {node.name}"
        for file, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{file}:{node.lineno}"
        for file, node in nodes()
        if file.startswith(("lockstitch/", "guard/"))
        and "/cli/" not in file
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printing == []


def test_every_module_has_its_line_in_the_layers() -> None:
    """lint-imports says so too; this names the module that was forgotten."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(one for one in settings["contracts"] if one.get("exhaustive"))["layers"]
    listed = {module.strip() for layer in layers for module in layer.split("|")}
    parts = [path.relative_to(ROOT / "lockstitch").parts for path in PYTHON
             if ROOT / "lockstitch" in path.parents]  # fmt: skip
    there = {part[0].removesuffix(".py") for part in parts} - {"__init__"}
    assert there == listed


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style in an attribute", r"<[^>]*\sstyle\s*="),
        ("a script in an attribute", r"<[^>]*\son[a-z]+\s*="),
        ("a script without a nonce", r"<script(?![^>]*\bnonce=)[^>]*>"),
        ("a style without a nonce", r"<style(?![^>]*\bnonce=)[^>]*>"),
        ("text that is not escaped", r"\|\s*safe\b|\{%\s*autoescape off"),
        ("an address that runs", r"=\s*[\"']?\s*javascript:"),
    ],
)
def test_templates_have_no(what: str, pattern: str) -> None:
    found = [
        f"{name(path)}: {hit.group()}"
        for path in TEMPLATES
        if "mailing" not in path.parts or "style" not in what  # a letter brings its own styles
        for hit in re.finditer(pattern, TEXTS[path], re.I)
    ]
    assert found == [], what


def test_no_registry_is_named() -> None:
    """Which registry a machine uses is its own affair; a lock that names one breaks mirrors."""
    found = [
        f"{name(path)}: {host}"
        for path, text in TEXTS.items()
        for host in REGISTRIES
        if host in text
    ]
    assert found == []


def test_no_large_file_is_tracked() -> None:
    assert [name(path) for path in FILES if path.stat().st_size > FILE_BYTES] == []


def test_decisions_are_short() -> None:
    decisions = [path for path in FILES if "decisions" in path.parts and path.suffix == ".md"]
    long = {name(path): len(TEXTS[path].splitlines()) for path in decisions}
    assert {path: lines for path, lines in long.items() if lines > DECISION_LINES} == {}


def test_links_in_the_documents_lead_somewhere() -> None:
    broken = []
    for path in (path for path in FILES if path.suffix == ".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[path]):
            file = target.partition("#")[0]
            if file and "://" not in file and not file.startswith("mailto:"):
                found = path.parent / file
                broken += [] if found.exists() else [f"{name(path)}: {target}"]
    assert broken == []
