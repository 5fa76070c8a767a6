"""systemd's units and the containers: sound, and as tight as they say."""

import re
import shutil
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from lockstitch.cli import accounts, processes
from lockstitch.cli.instance import ROOT, Instance, Record

UNITS = ROOT / "ops" / "systemd"
PYTHON = "/opt/lockstitch/.venv/bin/python"
EXPOSED_AT_MOST = dict.fromkeys(accounts.PROCESSES, "20") | {"database": "30"}  # of 100
has_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")


@pytest.fixture(scope="module")
def units(tmp_path_factory: Any) -> Path:
    """With this machine's Python in place of the deployed one, which has to be there."""
    folder: Path = tmp_path_factory.mktemp("units")
    for path in UNITS.iterdir():
        text = path.read_text().replace(PYTHON, sys.executable)
        text = re.sub(r"^(User|Group|SupplementaryGroups)=.*\n", "", text, flags=re.M)
        (folder / path.name).write_text(text)
    return folder


@has_systemd
def test_systemd_understands_every_line(units: Path) -> None:
    files = [str(path) for path in units.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    own = [line for line in done.stderr.splitlines() if "lockstitch" in line]
    assert (done.returncode, own) == (0, [])


@has_systemd
@pytest.mark.parametrize("name", list(EXPOSED_AT_MOST))
def test_how_exposed_each_is(name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSED_AT_MOST[name]}",
         str(UNITS / f"lockstitch-{name}.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("name", accounts.PROCESSES)
def test_a_unit_is_one_process_and_its_user(name: str) -> None:
    text = (UNITS / f"lockstitch-{name}.service").read_text()
    assert f" run {name}\n" in text
    assert f"User=ls-{name}\n" in text
    groups = re.search(r"SupplementaryGroups=(.*)", text)
    assert groups is not None
    wanted = {group for group, who in accounts.GROUPS.items() if name in who}
    assert set(groups[1].split()) >= wanted
    assert (accounts.CALLERS in groups[1]) == (name in accounts.GROUPS[accounts.CALLERS])
    if name != "guard":
        assert "IPAddressDeny=any\n" in text
        assert "IPAddressAllow=any" not in text


def test_the_worker_may_write_what_landlock_lets_it(tmp_path: Path) -> None:
    instance = Instance.at(tmp_path)
    instance.write(Record(kind="empty"))
    argv = processes.confined(instance, "worker")
    written = argv[argv.index("--write") + 1 : argv.index("--")]
    text = (UNITS / "lockstitch-worker.service").read_text()
    given = re.findall(r"^ReadWritePaths=(.*)", text, re.M)
    assert [each.replace("/var/lib/lockstitch/data", str(tmp_path)) for each in given] == [
        " ".join(written)
    ]


def test_the_target_stops_what_it_starts() -> None:
    for name in ("database", *accounts.PROCESSES):
        above = "lockstitch.target" if name == "database" else "lockstitch-database.service"
        assert f"PartOf={above}\n" in (UNITS / f"lockstitch-{name}.service").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    made = yaml.safe_load((ROOT / "ops" / "compose.yaml").read_text())
    assert made["networks"]["edge"]["internal"] is True
    return {name: dict(each) for name, each in made["services"].items()}


def test_every_container_is_closed(services: dict[str, Any]) -> None:
    assert set(services) == {*accounts.PROCESSES, "database", "edge"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        assert not any("docker.sock" in each for each in service["volumes"]), name
        for mount in service.get("tmpfs", []):
            assert "noexec,nosuid,nodev" in mount


def test_only_the_guard_and_the_edge_have_a_way_out(services: dict[str, Any]) -> None:
    ways = {
        name: service.get("network_mode") or ",".join(sorted(service["networks"]))
        for name, service in services.items()
    }
    assert ways == {
        "database": "none", "files": "none", "worker": "none", "shop": "edge", "desk": "edge",
        "guard": "out", "edge": "edge,out",
    }  # fmt: skip
    assert [name for name, service in services.items() if "ports" in service] == ["edge"]


def test_the_edges_address_is_nobody_elses(services: dict[str, Any]) -> None:
    """Others find theirs in their part of the network, and no engine gives that network away."""
    networks = yaml.safe_load((ROOT / "ops" / "compose.yaml").read_text())["networks"]
    [config] = networks["edge"]["ipam"]["config"]
    edge = ip_address(services["edge"]["networks"]["edge"]["ipv4_address"])
    assert services["database"]["environment"]["LOCKSTITCH_EDGE"] == str(edge)
    whole, others = ip_network(config["subnet"]), ip_network(config["ip_range"])
    assert edge in whole
    assert edge not in others
    pools = ("10.88.0.0/15", "10.90.0.0/15", "10.92.0.0/14", "10.96.0.0/11", "10.128.0.0/9",
             "172.16.0.0/12", "192.168.0.0/16")  # fmt: skip
    assert [pool for pool in pools if whole.overlaps(ip_network(pool))] == []


def test_containers_are_the_users_of_the_image(services: dict[str, Any]) -> None:
    first, groups = 981, {accounts.CALLERS: "990", accounts.BARRED: "991"}
    recipe = (ROOT / "ops" / "Dockerfile").read_text()
    assert f"n={first} && for name in {' '.join(accounts.PROCESSES)};" in recipe
    for number, name in enumerate(accounts.PROCESSES, first):
        assert services[name]["user"] == f"{number}:{number}"
        assert services[name]["command"] == ["run", name]
        assert set(services[name]["group_add"]) >= {
            groups[group] for group, who in accounts.GROUPS.items() if name in who
        }
        assert f"--gid {groups[accounts.CALLERS]} ls-callers" in recipe
