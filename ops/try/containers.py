"""`ops/Dockerfile` and `ops/compose.yaml`, really started: `python3.13 ops/try/containers.py`.

Begins as a newcomer does (docs/operations.md), and looks from outside and from inside at what was
promised. Only names, certificates (the edge's own) and limits of this machine are others. Wants
ports 80 and 443, curl, and podman-compose, or `COMPOSE="docker compose"`. See shared.py.
"""

import base64
import hmac
import json
import os
import re
import shlex
import signal
import sys
import threading
import time
from pathlib import Path

import shared
from shared import ENGINE, PROCESSES, ROOT, call, check, limits, run, until

PROJECT = IMAGE = "lockstitch-try"  # not that of whoever runs Lockstitch on this machine
COMPOSE = shlex.split(os.environ.get("COMPOSE", "podman-compose"))
UIDS = dict(zip(PROCESSES, range(981, 986), strict=True))
SHOP_HOST, CONSOLE, DESK = "north.shop.example", "console.shop.example", "desk.console.shop.example"
LISTENER = "import socket, time\nheard = socket.create_server(('', 9))\nwhile True: time.sleep(9)"
CLI = ("python", "-P", "-m", "lockstitch.cli", "--data", "/data")
LIMITS = """
from pathlib import Path
at = Path("/sys/fs/cgroup")
for new, old in (("memory.max", "memory/memory.limit_in_bytes"), ("pids.max", "pids/pids.max")):
    print((at / new if (at / new).exists() else at / old).read_text())
"""
files: list[str] = []


def main() -> None:
    shared.use_cgroups(1)
    shared.say(f"{ENGINE}, {' '.join(COMPOSE)}")
    folder = shared.begin()
    os.environ["LOCKSTITCH_MAIL_URL"] = "maildir:/data/guard/mailbox"
    lay_over(folder)
    shared.build(IMAGE, ROOT, ROOT / "ops/Dockerfile")
    if "--stand-ins" in sys.argv and call(ENGINE, "image", "inspect", shared.EDGE).returncode:
        (folder / "Edge").write_text(shared.CADDY)
        shared.build(shared.EDGE, folder, folder / "Edge")
    try:
        try_all(folder)
    finally:
        shared.tidy(folder, [ENGINE, "rm", "-f", "lockstitch-listener"], compose("down", "-v"))
    shared.conclude()


def try_all(folder: Path) -> None:
    said = [each for name in shared.STAFF for each in ("-e", f"{name}={shared.STAFF[name]}")]
    start = ("run", "--rm", "-T", *said, "database", "up", "--empty", "--separate-users")
    key = shared.first_start(compose(*start), lambda: run(ENGINE, "stop", "-t", "30", *ours()))
    threading.Thread(target=ring, daemon=True).start()
    run(*compose("up", "-d"))
    check("all is up, and the console answers through the edge", until(is_up, 120))
    inside("database", shared.SHOP, "/data")
    check("a shop's page answers through the edge",
          until(lambda: page(SHOP_HOST)[0] == 200), page(SHOP_HOST))  # fmt: skip
    for host in (CONSOLE, SHOP_HOST, DESK):
        code = page(host, "-X", "PUT", "--data", "x")[0]
        check(f"PUT is answered 405 at {host}", code == 405, code)
    check("the first login signs in at the desk", sign_in(folder, key))
    before = inside("database", shared.KEPT, "/data")
    look()
    doctor = call(ENGINE, "exec", container("database"), *CLI, "doctor")
    check("doctor finds nothing wrong", doctor.returncode == 0, doctor.stdout)
    for name in (*PROCESSES, "database", "edge"):
        survive(name)
    run(*compose("down"))
    check("down leaves no process", not ours())
    run(*compose("up", "-d"))
    check("all is up again", until(is_up, 120))
    after = inside("database", shared.KEPT, "/data")
    check("and all is still there", shared.is_kept(before, after), f"{before}, then {after}")


def look() -> None:
    """At the running ones, and from their places."""
    for name in PROCESSES:
        shared.check_process(name, shared.family(pid(name)), UIDS[name])
        most = inside(name, LIMITS).split()
        check(f"{name}: at most 1 GiB and 256 processes", most == [str(1 << 30), "256"], most)
    edge = shared.status(pid("edge"))
    check("edge: no capability but to bind its ports",
          edge["CapEff"] == edge["CapBnd"] == f"{1 << 10:016x}", edge["CapBnd"])  # fmt: skip
    database = {shared.status(each)["Uid"].split()[0] for each in shared.family(pid("database"))}
    check(
        "database: root without a network, and PostgreSQL's own user",
        database == {"0", "980"},
        database,
    )
    for name in ("database", "files", "worker"):
        devices = Path(f"/proc/{pid(name)}/net/dev").read_text().splitlines()[2:]
        check(
            f"{name}: no network at all", [line.split(":")[0].strip() for line in devices] == ["lo"]
        )
    run(ENGINE, "run", "-d", "--name", "lockstitch-listener", "--network", f"{PROJECT}_out",
        "--entrypoint", "python", IMAGE, "-c", LISTENER)  # fmt: skip
    place = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = run(ENGINE, "inspect", "-f", place, "lockstitch-listener")
    for name in PROCESSES:
        shared.check_probe(
            name, inside(name, shared.PROBE, name, "/data", f"{address}:9"), also=shared.PORT
        )
    run(ENGINE, "rm", "-f", "-t", "0", "lockstitch-listener")
    told = inside("database", shared.ALERTS, "/data")
    check("that a program was asked for was told of, from shop and desk",
          "shop: execve" in told and "desk: execve" in told, told)  # fmt: skip


def survive(name: str) -> None:
    """Killed by the machine's root, not by the engine, which would take that for a wish."""
    before = pid(name)
    os.kill(before, signal.SIGKILL)
    check(f"{name}: killed, it is started again", until(lambda: pid(name) not in (0, before)))
    check(f"{name}: and all answers again", until(lambda: is_up() and beating(), 90))


def is_up() -> bool:
    return (
        all(map(pid, PROCESSES))
        and page(CONSOLE)[0] == 302
        and page(DESK, at="/sign-in/")[0] == 200
    )


def beating() -> bool:
    """doctor asks each process for what is its own; here only whether it says that all is well."""
    return call(ENGINE, "exec", container("database"), *CLI, "doctor").returncode == 0


def page(host: str, *more: str, at: str = "/") -> tuple[int, str]:
    """Status and text, through the published port."""
    how = ("-sk", "-m", "10", "-w", "\n%{http_code}", "--resolve", f"{host}:443:127.0.0.1")
    said = call("curl", *how, *more, f"https://{host}{at}").stdout
    text, _, code = said.rpartition("\n")
    return int(code or 0), text


def sign_in(folder: Path, key: str) -> bool:
    jar = ("-c", str(folder / "jar"), "-b", str(folder / "jar"))
    _, text = page(DESK, *jar, at="/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    mac = hmac.digest(base64.b32decode(key), (int(time.time()) // 30).to_bytes(8), "sha1")
    at = mac[-1] & 15
    code = f"{(int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF) % 10**6:06}"
    given = {
        "csrfmiddlewaretoken": token[1] if token else "",
        "email": shared.EMAIL, "password": shared.PASSWORD, "totp": code,
    }  # fmt: skip
    fields = [each for name in given for each in ("--data-urlencode", f"{name}={given[name]}")]
    origin = ("-H", f"Origin: https://{DESK}", "-H", f"Referer: https://{DESK}/sign-in/")
    return page(DESK, *jar, *origin, *fields, at="/sign-in/")[0] == 302


def compose(*arguments: str) -> list[str]:
    return [*COMPOSE, "-p", PROJECT, *files, *arguments]


def lay_over(folder: Path) -> None:
    """This machine's: the edge makes its certificates itself, and no limit goes above ours."""
    text = (ROOT / "ops/Caddyfile").read_text()
    (folder / "Caddyfile").write_text(
        text.replace("{\n", "{\n\tlocal_certs\n\tskip_install_trust\n", 1)
    )
    names = (*PROCESSES, "database", "edge")
    most = dict(zip(("nofile", "nproc"), limits(), strict=True))
    over: dict[str, dict[str, object]] = {name: {"image": IMAGE} for name in names}
    over["edge"] = {}
    if shared.is_limited():
        over = {name: {**over[name], "ulimits": most} for name in names}
    over["edge"]["volumes"] = [f"{folder / 'Caddyfile'}:/etc/caddy/Caddyfile:ro"]
    (folder / "over.yaml").write_text(json.dumps({"services": over}))
    files.extend(["-f", str(ROOT / "ops/compose.yaml"), "-f", str(folder / "over.yaml")])


def ours() -> list[str]:
    return run(ENGINE, "ps", "-q", "--filter", f"volume={PROJECT}_data").split()


def container(service: str) -> str:
    labels = (f"project={PROJECT}", f"service={service}")
    filters = [
        each for label in labels for each in ("--filter", f"label=com.docker.compose.{label}")
    ]
    found = run(ENGINE, "ps", "-q", *filters).split()
    assert len(found) < 2, found  # nobody else's is looked at, or killed
    return found[0] if found else ""


def pid(service: str) -> int:
    """Of its first process, as this machine counts; 0 when it does not run."""
    found = call(ENGINE, "inspect", "-f", "{{.State.Pid}}", container(service) or "none").stdout
    return int(found.strip() or 0)


def inside(service: str, code: str, *arguments: str) -> str:
    """Python in its place, as its user."""
    return run(ENGINE, "exec", "-i", container(service), "python", "-", *arguments, given=code)


def ring() -> None:
    """Podman has systemd ask for health; where there is none, nobody does."""
    while "DISABLE_HC_SYSTEMD" in os.environ and ENGINE == "podman":
        call(ENGINE, "healthcheck", "run", container("database"))
        time.sleep(2)


if __name__ == "__main__":
    main()
