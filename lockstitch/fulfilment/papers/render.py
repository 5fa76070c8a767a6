"""Setting a paper: figures and names go in as data, never as markup. Raises NoJapaneseFont."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from lockstitch.kernel.errors import Refused

FOLDER = Path(__file__).parent
FONTS = (
    "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "IPAGothic", "TakaoGothic",
    "Hiragino Sans", "Yu Gothic", "MS Gothic",
)  # fmt: skip


class NoJapaneseFont(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("No Japanese font was found on this machine. Install one, such as fonts-noto-cjk.")
        )


@cache
def font() -> str:
    """The Japanese font that papers are set in. Raises NoJapaneseFont."""
    there = set(typst.Fonts().families())
    for family in FONTS:
        if family in there:
            return family
    raise NoJapaneseFont


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """`<template>.typ` with this data, as PDF."""
    inputs = {"data": json.dumps({**data, "font": font()}, ensure_ascii=False)}
    made: bytes = typst.compile(FOLDER / f"{template}.typ", root=FOLDER, sys_inputs=inputs)
    return made
