"""A product's video: which addresses there may be, and what is played."""

import pytest

from lockstitch.catalogue.video import is_captions, is_video, played_here

HERE = ["https://films.example"]


@pytest.mark.parametrize(("address", "good", "type_"), [
    ("/films/a.mp4", True, "video/mp4"),
    ("https://films.example/a.WEBM", True, "video/webm"),
    ("https://elsewhere.example/a.mp4", True, ""),
    ("https://www.youtube.com/watch?v=x", True, ""),
    ("https://films.example.evil.example/a.mp4", True, ""),
    ("//evil.example/a.mp4", False, ""),
    ("http://films.example/a.mp4", False, ""),
    ("https://user@films.example/a.mp4", False, ""),
    ("https://elsewhere.example/page", False, ""),
    ("javascript:alert(1)//.mp4", False, ""),
    ("https://[/a.mp4", False, ""),
])  # fmt: skip
def test_which_addresses(address: str, good: bool, type_: str) -> None:
    assert is_video(address) is good
    if good:
        assert played_here(address, HERE) == type_


def test_captions_come_from_the_shop_or_from_beside_the_video() -> None:
    assert is_captions("/a.vtt", "https://films.example/a.mp4")
    assert is_captions("https://films.example/a.vtt", "https://films.example/a.mp4")
    assert not is_captions("https://evil.example/a.vtt", "https://films.example/a.mp4")
    assert not is_captions("/a.srt", "/a.mp4")
