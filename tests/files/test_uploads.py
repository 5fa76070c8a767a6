"""One way in for every file: what is made of it, what is said of it, what stays of it."""

import datetime as dt
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from guard.sealing import unseal as guard_unseal
from lockstitch.catalogue.actions import keep_picture, store_picture
from lockstitch.catalogue.images import take
from lockstitch.catalogue.models import ColourPicture
from lockstitch.catalogue.queries import find_product
from lockstitch.catalogue.uploads import BY_NAME, USE, take_in
from lockstitch.cli.cluster import Cluster
from lockstitch.files import actions, scanning
from lockstitch.files.actions import destroy_old, receive
from lockstitch.files.models import Upload, Waiting
from lockstitch.files.queries import find_upload, parts_of
from lockstitch.kernel import clock
from lockstitch.kernel.errors import Refused
from lockstitch.sealed.quarantine import NotSealed, head_of, unseal
from lockstitch.tenancy.queries import Site
from tests.files.conftest import OPERATOR, Key, Sender
from tests.files.hostile import (
    MARKERS,
    PHP,
    SCRIPT,
    bomb,
    no_pictures,
    picture,
    polyglots,
    zipped,
)


def shown() -> list[Any]:
    view = find_product("shirt")
    assert view is not None
    return view.colours[0].pictures


def told(site: Site) -> list[dict[str, Any]]:
    """What the watch was told of this shop's uploads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT detail FROM guard.signal WHERE kind = 'upload' AND site_id = %s ORDER BY id",
            [site.id],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def served(quarantine: Path) -> list[bytes]:
    return [path.read_bytes() for path in (quarantine.parent / "media").rglob("*.*")]


def test_a_picture_appears_and_nothing_is_told(send: Sender, site: Site, quarantine: Path) -> None:
    upload = send("正面.jpg", picture())
    assert (upload.state, upload.kind, upload.findings) == ("taken", "jpeg", [])
    assert upload.scanners == {"yara-x": "nothing", "clamd": "not asked"}
    [made] = shown()
    assert upload.made == [one["key"] for one in made.renditions]
    assert (quarantine.parent / "media" / upload.made[0]).is_file()
    assert told(site) == []
    assert not Waiting.objects.exists()


@pytest.mark.parametrize("kind", polyglots())
def test_a_polyglot_becomes_a_picture_and_an_alarm(
    send: Sender, site: Site, quarantine: Path, kind: str
) -> None:
    name, data = polyglots()[kind]
    assert any(marker in data for marker in MARKERS)
    upload = send(name, data)
    assert upload.state == "taken"
    assert any(one.startswith("marker:") for one in upload.findings)
    assert served(quarantine)
    assert [m for body in served(quarantine) for m in MARKERS if m in body] == []
    assert [scanning.marks(body) for body in served(quarantine)] == [[]] * len(served(quarantine))
    [detail] = told(site)
    assert detail["grave"] is True
    assert detail["by"] == str(OPERATOR)
    assert name not in str(detail)


@pytest.mark.parametrize("kind", no_pictures())
def test_what_is_no_picture_is_refused(
    send: Sender, site: Site, quarantine: Path, kind: str
) -> None:
    upload = send(*no_pictures()[kind])
    assert (upload.state, upload.reason, upload.made) == ("refused", "unknown", [])
    assert (shown(), served(quarantine)) == ([], [])


@pytest.mark.parametrize(
    ("name", "data", "findings"),
    [
        ("a.png", picture("JPEG"), ["extension"]),
        ("a.php.jpg", picture("JPEG"), ["name"]),
        ("a.svg", picture("JPEG"), ["name", "extension"]),
        ("a\u202egpj.exe", picture("JPEG"), ["name"]),
    ],
)
def test_a_name_that_says_otherwise_is_odd(
    send: Sender, site: Site, name: str, data: bytes, findings: list[str]
) -> None:
    upload = send(name, data)
    assert (upload.state, upload.findings) == ("taken", findings)
    assert [detail["grave"] for detail in told(site)] == [False]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(), "pixels"), (bomb(12_001, 10), "pixels"), (picture()[:9000], "damaged"),
        (picture("PNG")[:9000], "damaged"), (picture() + bytes(20 * 2**20), "large"),
    ],
)  # fmt: skip
def test_a_bomb_or_half_a_picture_is_refused_and_no_alarm(
    send: Sender, site: Site, data: bytes, reason: str
) -> None:
    """A camera of 100 megapixels and a telephone in a tunnel are no attack."""
    kind = "png" if data.startswith(b"\x89") else "jpg"
    upload = send(f"a.{kind}", data)
    assert (upload.state, upload.reason, upload.findings) == ("refused", reason, [])
    assert told(site) == []


def test_a_hundred_frames_are_one_picture(send: Sender) -> None:
    from PIL import Image

    frames = [Image.new("RGB", (60, 60), (n, n, n)) for n in range(100)]
    data = picture("GIF", frames[0], save_all=True, append_images=frames[1:])
    assert send("a.gif", data).state == "taken"
    assert len(shown()) == 1


def test_a_verdict_forced_clean_changes_nothing(
    send: Sender, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the scanners owns their words and nothing else."""
    monkeypatch.setattr(scanning, "marks", lambda _data: [])
    monkeypatch.setattr(scanning, "clamd", lambda _data: "nothing")
    for name, data in polyglots().values():
        upload = send(name, data)
        assert (upload.state, upload.scanners["yara-x"]) == ("taken", "nothing")
    for name, data in (*no_pictures().values(), ("b.png", bomb())):
        assert send(name, data).state == "refused"
    assert [m for body in served(quarantine) for m in MARKERS if m in body] == []


def test_a_scanner_that_is_down_keeps_nobody_from_working(
    send: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.CLAMD", "/nowhere/clamd.sock")
    upload = send("a.jpg", picture())
    assert (upload.state, upload.scanners["clamd"]) == ("taken", "no answer")


def test_decoders_that_disagree_are_grave(
    send: Sender, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "sniff", lambda _data: "webp")
    assert "decoder" in send("a.webp", picture("JPEG")).findings
    assert told(site)[-1]["grave"] is True


def test_the_original_is_sealed_for_the_guard_alone(
    send: Sender, site: Site, key: Key, quarantine: Path
) -> None:
    data = picture(comment=PHP)
    upload = send("a.jpg", data)
    file = (quarantine / upload.sha256 / str(upload.id)).read_bytes()
    assert PHP not in file
    head = head_of(file)
    assert (head.site_id, head.record_id, head.key_id) == (site.id, upload.id, key.key_id)
    binding = {"site_id": site.id, "record_id": upload.id, "key_id": key.key_id}
    fields = guard_unseal(key.private, head.suite, head.sealed, kind="quarantine", **binding)
    assert unseal(file, bytes.fromhex(fields["key"])) == data
    with pytest.raises(NotSealed):
        unseal(file[:-1] + bytes([file[-1] ^ 1]), bytes.fromhex(fields["key"]))


def test_after_thirty_days_it_is_gone(
    send: Sender, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send("a.jpg", picture())
    path = quarantine / upload.sha256 / str(upload.id)
    later = clock.now() + dt.timedelta(days=29)
    monkeypatch.setattr(actions, "now", lambda: later)
    assert (destroy_old(), path.exists()) == (0, True)
    later += dt.timedelta(days=2)
    assert (destroy_old(), path.exists(), path.parent.exists()) == (1, False, False)
    found = find_upload(upload.id)
    assert found is not None
    assert found.gone_at == later
    assert destroy_old() == 0


def test_done_twice_it_is_one_picture(send: Sender, colour: UUID) -> None:
    first = send("a.jpg", picture())
    take_in(first.id)
    second = send("b.jpg", picture())
    assert second.state == "taken"
    assert len(shown()) == 1


def test_a_true_picture_takes_the_place_of_a_drawing(send: Sender, colour: UUID) -> None:
    drawn = store_picture(take(picture("PNG")), stand_in=True)
    keep_picture(colour, 0, picture=drawn)
    send("a.jpg", picture())
    send("b.jpg", picture(quality=50))
    assert [row.source_sha256 != "" for row in shown()] == [True, True]


def test_for_a_colour_that_is_gone(send: Sender, quarantine: Path) -> None:
    upload = receive(picture(), "a.jpg", by=OPERATOR, use=USE, target=uuid4())
    take_in(upload.id)
    found = find_upload(upload.id)
    assert found is not None
    assert (found.state, found.reason) == ("refused", "gone")


def test_a_flood_is_turned_away(
    colour: UUID, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "WAITING_MAX", 2)
    for _n in range(2):
        receive(b"x", "a.jpg", by=OPERATOR, use=USE, target=colour)
    with pytest.raises(Refused, match="Too many files"):
        receive(b"x", "a.jpg", by=OPERATOR, use=USE, target=colour)


def test_an_archive_of_pictures(send: Sender, site: Site, quarantine: Path) -> None:
    files = {
        "夏/白/1.jpg": picture(), "夏/白/2.png": picture("PNG"), "__MACOSX/._1.jpg": b"x",
        "readme.html": SCRIPT, "夏/.DS_Store": b"x", "inner.zip": zipped({"a.jpg": picture()}),
    }  # fmt: skip
    upload = send("白.zip", zipped(files))
    assert (upload.state, upload.kind) == ("taken", "zip")
    parts = parts_of(upload.id)
    for part in parts:
        take_in(part.id)
    found = {part.name: (part.state, part.reason) for part in parts_of(upload.id)}
    assert found == {
        "1.jpg": ("taken", ""), "2.png": ("taken", ""), "readme.html": ("refused", "unknown"),
        "inner.zip": ("refused", "unknown"),
    }  # fmt: skip
    assert len(shown()) == 2


SLIPS = ["../../media/x.jpg", "/etc/x.jpg", "a/../../x.jpg", "C:\\x.jpg", "..\\x.jpg",
         "a\x07.jpg", "~/x.jpg", "\\\\host\\x.jpg"]  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_an_archive_that_leads_out_of_itself(
    send: Sender, site: Site, quarantine: Path, name: str
) -> None:
    before = set(quarantine.parent.parent.rglob("x.jpg"))
    upload = send("a.zip", zipped({"ok.jpg": picture(), name: picture()}))
    assert (upload.state, upload.reason) == ("refused", "names")
    assert parts_of(upload.id) == []
    assert [detail["grave"] for detail in told(site)] == [True]
    assert set(quarantine.parent.parent.rglob("x.jpg")) == before


@pytest.mark.parametrize(
    ("data", "reason", "grave"),
    [
        (zipped({"a.jpg": bytes(30 * 2**20)}, compression=8), "bomb", True),
        (zipped({f"{n}.jpg": b"x" for n in range(201)}), "many", None),
        (zipped({"a.jpg": bytes(range(256)) * 2**13 * 11}), "large", None),
        (b"PK\x03\x04 and then nothing", "archive", None),
    ],
    ids=["bomb", "many", "large", "damaged"],
)
def test_an_archive_without_measure(
    send: Sender, site: Site, data: bytes, reason: str, grave: bool | None
) -> None:
    upload = send("a.zip", data)
    assert (upload.state, upload.reason) == ("refused", reason)
    assert [detail["grave"] for detail in told(site)] == ([] if grave is None else [grave])


def test_the_shop_hands_over_and_can_not_take_back(
    database: Cluster, site: Site, colour: UUID, quarantine: Path
) -> None:
    """Not even what its own site sent; of others not even that there was something."""
    upload = receive(PHP, "a.jpg", by=OPERATOR, use=USE, target=colour)
    with psycopg.connect(database.url("ls_shop"), autocommit=True) as db:
        assert db.execute("SELECT id FROM files_upload").fetchall() == []
        db.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [str(site.id)])
        assert db.execute("SELECT name FROM files_upload").fetchall() == [("a.jpg",)]
        for statement in (
            "SELECT data FROM files_waiting", "SELECT * FROM files_waiting",
            "UPDATE files_waiting SET data = ''", "DELETE FROM files_waiting",
            "UPDATE files_upload SET state = 'taken'", "DELETE FROM files_upload",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement)  # type: ignore[call-overload]
    assert Upload.objects.filter(id=upload.id).exists()


@pytest.mark.parametrize(("name", "colour_", "place"), [
    ("SHIRT_white_2.jpg", "white", 1), ("shirt_NAVY_1.jpg", "navy", 0),
    ("shirt-navy-M.jpg", "navy", 0), ("shirt-white-S_1.jpg", "white", 0),
    ("ｓｈｉｒｔ-navy-M_3.jpg", "navy", 2), ("coat_white_1.jpg", "", 0), ("shirt.jpg", "", 0),
])  # fmt: skip
def test_a_picture_finds_its_colour_by_its_name(
    send: Sender, site: Site, name: str, colour_: str, place: int
) -> None:
    upload = receive(picture(), name, by=OPERATOR, use=BY_NAME, target=site.id)
    take_in(upload.id)
    found = find_upload(upload.id)
    assert found is not None
    rows = [(row.colour.code, row.position) for row in ColourPicture.objects.all()]
    if colour_:
        assert (found.state, rows) == ("taken", [(colour_, place)])
    else:
        assert (found.state, found.reason, rows) == ("refused", "unmatched", [])
