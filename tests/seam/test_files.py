"""A file's whole way in a running instance: from the console's form to the guard's alert, and out
of the quarantine again."""

import hashlib
import json
import os
from typing import Any

import pytest
from PIL import Image

from tests.files.hostile import PHP, picture
from tests.instance import call, wait_until
from tests.seam.conftest import Operator, Seeded
from tests.shopper import Page

pytestmark = pytest.mark.slow

# Larger than anything that Django would by itself keep in memory: the shop may write no file.
LARGE = picture("JPEG", Image.effect_noise((2000, 2500), 100).convert("RGB"), quality=95)
SHELL = picture(comment=PHP)


@pytest.fixture(scope="module")
def owner(seeded: Seeded) -> Operator:
    return seeded.operator()


def pictures(owner: Operator, slug: str = "shirt") -> Page:
    return owner.get(f"{owner.shop}/s/{owner.slug}/products/{slug}/pictures/")


def send(owner: Operator, name: str, data: bytes) -> Page:
    form = pictures(owner).form(having="colour")
    form.action = form.action.partition("?")[0]
    page = owner.submit(form, files={"file": (name, data)}, colour="white")
    wait_until(lambda: "Being looked at" not in pictures(owner).text, 60)
    return page


def row(seeded: Seeded, name: str) -> dict[str, Any]:
    with seeded.database() as db:
        found = db.execute(
            "SELECT row_to_json(u) FROM files_upload u WHERE name = %s ORDER BY id DESC", [name]
        ).fetchone()
    assert found is not None
    return dict(found[0])


def test_a_large_picture_comes_in_through_processes_that_write_nothing(
    seeded: Seeded, owner: Operator
) -> None:
    assert len(LARGE) > 2_500_000
    assert send(owner, "large.jpg", LARGE).status == 200
    upload = row(seeded, "large.jpg")
    assert (upload["state"], upload["findings"]) == ("taken", [])
    assert (
        upload["made"][0]
        in seeded.shopper().get(f"{seeded.up.shop('north.localhost')}/items/shirt/white/").text
    )
    with seeded.database() as db:
        assert db.execute("SELECT 1 FROM files_waiting").fetchall() == []


def test_an_attack_is_an_alert_and_its_original_is_taken_out_on_record(
    seeded: Seeded, owner: Operator
) -> None:
    send(owner, "shell.jpg", SHELL)
    upload = row(seeded, "shell.jpg")
    assert upload["findings"] == ["marker:php", "marker:shell_call"]
    with seeded.database() as db:
        wait_until(lambda: db.execute(
            "SELECT 1 FROM guard.alert WHERE rule = 'upload.hostile' AND subject = %s"
            " AND site_id = %s", [upload["by"], seeded.site()],
        ).fetchone())  # fmt: skip
    data = seeded.up.data
    kept = data / "quarantine" / hashlib.sha256(SHELL).hexdigest() / upload["id"]
    assert PHP not in kept.read_bytes()
    assert not kept.stat().st_mode & 0o077

    listed = call(data, "quarantine", "list", "--site", "north", "--json")
    assert upload["id"] in [one["id"] for one in json.loads(listed.stdout)]
    out = data.parent / "out.bin"
    done = call(data, "quarantine", "take", upload["id"], "--site", "north", "--to", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == SHELL
    assert call(
        data, "quarantine", "take", upload["id"], "--site", "south", "--to", f"{out}2"
    ).returncode
    with seeded.database() as db:
        entries = db.execute(
            "SELECT principal_kind FROM guard.ledger WHERE verb = 'file.open'"
            " AND %s::uuid = ANY(records)", [upload["id"]],
        ).fetchall()  # fmt: skip
    assert entries == [("cli",)]


def test_who_sees_and_who_sends(seeded: Seeded, owner: Operator) -> None:
    send(owner, "one.jpg", picture())
    upload = row(seeded, "one.jpg")
    address = f"{owner.shop}/s/north/files/{upload['id']}/"
    page = owner.get(address)
    assert page.status == 200
    assert upload["sha256"] in page.text
    assert "kept sealed for 30 days" in page.text
    reader = seeded.operator(role="readonly")
    assert reader.get(address).status == 200
    assert 'type="file"' not in pictures(reader).text
    other = seeded.operator("south")
    assert other.get(address).status == 404
    assert other.get(address.replace("/north/", "/south/")).status == 404


def test_the_shops_process_can_not_open_the_quarantine(seeded: Seeded) -> None:
    """As the kernel says: what the confined shop may reach does not include the folder."""
    from lockstitch.cli.processes import confined

    folder = seeded.up.data / "quarantine"
    for name, reaches in (("shop", False), ("desk", False), ("worker", True)):
        command = confined(seeded.up.instance, name)
        assert (str(folder) in command) is reaches
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert os.listdir(folder)
