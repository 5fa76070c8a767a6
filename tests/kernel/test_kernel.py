"""What everything stands on: texts, tokens, logs without anybody's data."""

import logging
from types import SimpleNamespace

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


def test_a_path_is_one_line_of_the_log() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", ("x",), None)
    record.status_code, record.request = 404, SimpleNamespace(path="/a\nERROR forged\r\x1b[2J/品/")
    assert WithoutRequest().filter(record)
    line = logging.Formatter().format(record)
    assert line == "404 /a%0AERROR%20forged%0D%1B%5B2J/%E5%93%81/"


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
