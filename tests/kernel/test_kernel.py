"""What everything stands on: texts, tokens, logs without anybody's data."""

import logging

import pytest

from lockstitch.kernel.ids import ALPHABET, digest, new_token, readable
from lockstitch.kernel.logs import WithoutRequest
from lockstitch.kernel.text import folded, localised


def test_a_text_falls_back_to_a_language_that_has_one() -> None:
    assert localised({"ja": "白", "en": "White"}, "en") == "White"
    assert localised({"ja": "白"}, "en") == "白"
    assert localised({}, "en") == ""


def test_codes_that_look_alike_are_alike() -> None:
    assert folded("ＡＢ-1") == folded("ab-1")
    assert folded("AB-1") != folded("AB-2")


def test_tokens() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(digest("x")) == 32
    assert set(readable(200)) <= set(ALPHABET)


@pytest.mark.parametrize("secret", ["山田花子", "hanako@example.jp"])
def test_an_error_is_logged_without_its_text(secret: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed for %s", (secret,), None)
    try:
        raise ValueError(secret)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert WithoutRequest().filter(record)
    line = logging.Formatter().format(record)
    assert secret not in line
    assert "ValueError at" in line
