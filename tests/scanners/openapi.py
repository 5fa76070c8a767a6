"""An OpenAPI description of what one host answers, made of `lockstitch routes --json` and of the
forms that its pages show: there is no hand-written one that could forget a route."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 60},
    "int": {"type": "integer", "minimum": 0},
    "path": {"type": "string", "minLength": 1, "maxLength": 200},
    "str": {"type": "string", "minLength": 1, "maxLength": 200},
}
FORM = "application/x-www-form-urlencoded"
NOT_SENT = {"csrfmiddlewaretoken"}  # it goes in a header
EXAMPLES = 3

type Seen = Mapping[str, Mapping[str, set[str]]]  # route -> parameter or field -> values


def document(
    routes: Iterable[Mapping[str, Any]], host: str, *, seen: Seen, fields: Seen,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """Of the routes of `host` but those named in `without`. `seen`: values of path parameters met
    in links; `fields`: of the forms that post to a route."""
    paths: dict[str, Any] = {}
    for route in routes:
        if route["host"] != host or route["name"] in without:
            continue
        pattern = "/" + route["route"]
        known = paths.setdefault(PART.sub(r"{\2}", pattern), {})
        known["parameters"] = _parameters(pattern, seen.get(pattern, {}))
        for method in route["methods"]:
            known[method.lower()] = _operation(method, fields.get(pattern, {}))
    info = {"title": f"Lockstitch: {host}", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": paths}


def _parameters(pattern: str, seen: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "in": "path", "required": True,
            "schema": SCHEMAS[kind or "str"], **_examples(seen.get(name, set())),
        }
        for kind, name in PART.findall(pattern)
    ]  # fmt: skip


def _operation(method: str, fields: Mapping[str, set[str]]) -> dict[str, Any]:
    """Any answer is allowed by it: what is asked is that none is a failure, and that only these
    methods are answered."""
    made: dict[str, Any] = {"responses": {"default": {"description": "a page or a refusal"}}}
    if method == "POST":
        texts = {
            name: {"type": "string", **({"example": min(known)} if any(known) else {})}
            for name, known in sorted(fields.items()) if name not in NOT_SENT
        }  # fmt: skip
        made["requestBody"] = {
            "content": {FORM: {"schema": {"type": "object", "properties": texts}}}
        }
    return made


def _examples(values: set[str]) -> dict[str, Any]:
    few = sorted(values)[:EXAMPLES]
    return {"examples": {value: {"value": value} for value in few}} if few else {}


def matcher(routes: Iterable[Mapping[str, Any]], host: str) -> list[tuple[str, re.Pattern[str]]]:
    """Which route a path belongs to, in the order in which the product looks."""
    kinds = {"uuid": r"[0-9a-f-]{36}", "slug": r"[-\w]+", "int": r"\d+", "path": r".+"}
    return [
        (
            "/" + route["route"],
            re.compile(
                "/" + PART.sub(
                    lambda part: f"(?P<{part[2]}>{kinds.get(part[1] or 'str', '[^/]+')})",
                    route["route"],
                )
            ),
        )
        for route in routes if route["host"] == host
    ]  # fmt: skip
