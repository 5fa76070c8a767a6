"""A product's video by its address: a file that a browser plays, or a provider's page that is only
linked to, so that no script and no cookie of anybody else comes into the shop. Pure."""

import re
from urllib.parse import urlsplit

FILE = re.compile(r".+\.(mp4|webm)", re.IGNORECASE)
PATH = re.compile(r"/(?!/)[^\s\\\"'<>?#]+")
PROVIDERS = {
    "www.youtube.com": "YouTube", "youtube.com": "YouTube", "youtu.be": "YouTube",
    "vimeo.com": "Vimeo", "www.instagram.com": "Instagram", "www.tiktok.com": "TikTok",
}  # fmt: skip


def is_video(address: str) -> bool:
    """A path of the shop's own host, or https: an MP4 or WebM, or a page of a known provider."""
    if PATH.fullmatch(address):
        return FILE.fullmatch(address) is not None
    parts = _https(address)
    return parts is not None and (parts[0] in PROVIDERS or FILE.fullmatch(parts[1]) is not None)


def is_captions(address: str, video: str) -> bool:
    """WebVTT, on the shop's host or where the video is."""
    if PATH.fullmatch(address):
        return address.lower().endswith(".vtt")
    parts, beside = _https(address), _https(video)
    at_home = parts is not None and beside is not None and parts[0] == beside[0]
    return at_home and address.lower().endswith(".vtt")


def played_here(address: str, origins: list[str]) -> str:
    """Its media type, when pages may load it: of the shop's host, or of an origin that the one who
    runs the shop has named. Else "": it is linked to."""
    found = FILE.fullmatch(address)
    is_home = address.startswith("/") or any(address.startswith(f"{one}/") for one in origins)
    return f"video/{found[1].lower()}" if found and is_home else ""


def provider_of(address: str) -> str:
    """Whose page it is; else the host's name."""
    host = urlsplit(address).hostname or ""
    return PROVIDERS.get(host, host)


def _https(address: str) -> tuple[str, str] | None:
    """(host, path)."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and parts.username is None and parts.port is None
    except ValueError:
        return None
    if not plain or not parts.hostname or re.search(r"[\s\\\"'<>]", address):
        return None
    return parts.hostname, parts.path
