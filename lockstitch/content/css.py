"""A shop's own CSS, made harmless: parsed, and written anew from what is allowed. Pure.

What is not named here is left out, and said. Nothing is fetched (no `url()` but the shop's own
pictures, no `@import`, no `@font-face`), nothing leaves the flow of the page (`position` static or
relative, `z-index` below the head's), nothing is `!important`, and every selector stands under
`body.dressed`, which sign-in, cart, checkout and account never wear.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import (  # type: ignore[import-untyped]
    AtRule,
    Declaration,
    ParseError,
    QualifiedRule,
)

CSS_MAX = 60_000
SCOPE = "body.dressed"
_FAMILIES = (
    "align-|animation|aspect-ratio|background|border|box-shadow|box-sizing|clear|color|column|"
    "content|cursor|direction|display|fill|filter|flex|float|font|gap|grid|hanging-punctuation|"
    "height|hyphens|inset|isolation|justify-|letter-spacing|line-|list-style|margin|max-|min-|mix-"
    "blend-mode|object-|opacity|order|outline|overflow|padding|place-|position|quotes|rotate|row-"
    "gap|scale|scroll-|stroke|tab-size|text-|transform|transition|translate|vertical-align|"
    "visibility|white-space|width|word-|writing-mode|z-index"
)
PROPERTY = re.compile(rf"(?:{_FAMILIES})[a-z-]*|--[a-z][a-z0-9-]{{0,40}}")
FUNCTION = re.compile(
    "blur|brightness|calc|circle|clamp|color|color-mix|conic-gradient|contrast|counter|"
    "cubic-bezier|drop-shadow|ellipse|fit-content|grayscale|hsla?|hue-rotate|inset|invert|lab|lch|"
    "light-dark|linear-gradient|matrix|max|min|minmax|oklab|oklch|opacity|perspective|polygon|"
    "radial-gradient|repeat|repeating-linear-gradient|repeating-radial-gradient|rgba?|rotate[xy]?|"
    "saturate|scale[xy]?|sepia|skew[xy]?|steps|translate[xy]?|var"
)
SELECTOR_FUNCTION = re.compile("is|not|where|has|nth-child|nth-last-child|nth-of-type|lang")
OWN_PICTURE = re.compile(r"/media/[0-9a-f]{2}/[0-9a-f]{62}\.(?:avif|webp)", re.ASCII)
KEPT_RULES = ("media", "supports", "container")
POSITIONS = ("static", "relative")


class _Reader:
    """One pass over a style sheet; `problems` says what was left out and in which line."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def leave_out(self, node: Any, what: str) -> None:
        self.problems.append(f"{getattr(node, 'source_line', 0)}: {what}")

    def rules(self, nodes: Iterable[Any]) -> str:
        return "".join(self.rule(node) for node in nodes)

    def rule(self, node: Any) -> str:
        if isinstance(node, QualifiedRule):
            return self.qualified(node)
        if isinstance(node, AtRule):
            return self.at_rule(node)
        if isinstance(node, ParseError):
            self.leave_out(node, node.message)
        return ""

    def qualified(self, node: QualifiedRule) -> str:
        selectors = [self.selector(part) for part in _split(node.prelude)]
        body = self.declarations(node.content)
        kept = [each for each in selectors if each]
        return f"{','.join(kept)}{{{body}}}\n" if kept and body else ""

    def at_rule(self, node: AtRule) -> str:
        name = node.lower_at_keyword
        if name in KEPT_RULES and node.content is not None and self.harmless(node.prelude, node):
            inside = self.rules(
                tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            )
            return f"@{name} {_text(node.prelude)}{{{inside}}}\n" if inside else ""
        if name == "keyframes" and node.content is not None:
            return self.keyframes(node)
        self.leave_out(node, f"@{name}")
        return ""

    def keyframes(self, node: AtRule) -> str:
        frames = ""
        name = _text(node.prelude)
        if not re.fullmatch(r"[a-zA-Z][\w-]{0,40}", name, re.ASCII):
            self.leave_out(node, "@keyframes")
            return ""
        for rule in tinycss2.parse_rule_list(
            node.content, skip_comments=True, skip_whitespace=True
        ):
            if isinstance(rule, QualifiedRule):
                at = _text(rule.prelude)
                if re.fullmatch(r"(?:from|to|[\d.]+%)(?:\s*,\s*(?:from|to|[\d.]+%))*", at):
                    frames += f"{at}{{{self.declarations(rule.content)}}}"
        return f"@keyframes {name}{{{frames}}}\n" if frames else ""

    def selector(self, tokens: list[Any]) -> str:
        """Under the scope; one that names html, body or :root means the scope itself."""
        text = _text(tokens)
        if not text:
            return ""
        if not self.plain_selector(tokens):
            self.leave_out(tokens[0], text[:80])
            return ""
        root = re.match(r"(?:html\s+body|html|body|:root)(?![\w-])", text, re.IGNORECASE)
        if root:
            return SCOPE + text[root.end() :]
        return f"{SCOPE} {text}" if text[0] not in ">+~" else ""

    def plain_selector(self, tokens: Iterable[Any]) -> bool:
        for token in tokens:
            match token.type:
                case "ident" | "whitespace" | "hash" | "string" | "number" | "dimension":
                    if re.search(r"[^\w\s#.%+-]", token.serialize().strip("\"'"), re.UNICODE):
                        return False
                case "literal":
                    if token.value not in list(".:>+~*,=|^$"):
                        return False
                case "function":
                    if not SELECTOR_FUNCTION.fullmatch(token.lower_name) or not self.plain_selector(
                        token.arguments
                    ):
                        return False
                case "[] block":
                    if not self.plain_selector(token.content):
                        return False
                case _:
                    return False
        return True

    def declarations(self, content: Iterable[Any]) -> str:
        kept = ""
        for node in tinycss2.parse_blocks_contents(
            content, skip_comments=True, skip_whitespace=True
        ):
            if not isinstance(node, Declaration):
                self.leave_out(node, getattr(node, "message", node.type))
            elif self.allowed(node):
                kept += f"{node.lower_name}:{_text(node.value)};"
            else:
                self.leave_out(node, f"{node.lower_name}: {_text(node.value)[:60]}")
        return kept

    def allowed(self, node: Declaration) -> bool:
        name, value = node.lower_name, _text(node.value).lower()
        if not PROPERTY.fullmatch(name) or node.important:
            return False
        if name == "position":
            return value in POSITIONS
        if name == "z-index":
            return bool(re.fullmatch(r"-?[0-4]", value))
        return self.harmless(node.value, node)

    def harmless(self, tokens: Iterable[Any], where: Any) -> bool:
        """Only plain values, known functions, and pictures of our own store."""
        for token in tokens:
            if token.type == "url" and not OWN_PICTURE.fullmatch(token.value):
                return False
            if token.type == "function":
                if token.lower_name == "url":
                    words = [each for each in token.arguments if each.type != "whitespace"]
                    if len(words) != 1 or not OWN_PICTURE.fullmatch(getattr(words[0], "value", "")):
                        return False
                elif not FUNCTION.fullmatch(token.lower_name) or not self.harmless(
                    token.arguments, where
                ):
                    return False
            if token.type in ("() block", "[] block") and not self.harmless(token.content, where):
                return False
            if token.type in ("{} block", "error", "at-keyword", "unicode-range", "bad-url"):
                return False
        return True


def _split(tokens: Iterable[Any]) -> list[list[Any]]:
    """A list of selectors at its commas."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _text(tokens: Iterable[Any]) -> str:
    return str(tinycss2.serialize(list(tokens))).strip()


def sanitised(source: str) -> tuple[str, list[str]]:
    """(what may be served, what was left out: `line: what`)."""
    reader = _Reader()
    nodes = tinycss2.parse_stylesheet(source[:CSS_MAX], skip_comments=True, skip_whitespace=True)
    text = reader.rules(nodes)
    if len(source) > CSS_MAX:
        reader.problems.append(f"0: > {CSS_MAX}")
    return text, reader.problems


def name_of(css: str) -> str:
    """What its address ends with: other bytes, another address."""
    return hashlib.sha256(css.encode()).hexdigest()[:32]
