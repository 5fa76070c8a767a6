"""`ops/systemd`, really started: `python3.13 ops/try/units.py`.

systemd is the first process of a container that has nothing but loopback; a second address on that
stands for the world outside. Installed as docs/operations.md says, looked at, killed, stopped, and
started again as a machine is. Each probe runs under its unit's own lines, every one of them.
See shared.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import shared
from shared import ENGINE, PROCESSES, ROOT, call, check, run, until

NAME, DATA, HOME = "lockstitch-units", "/var/lib/lockstitch/data", "/opt/lockstitch"
UNITS = ("database", *PROCESSES)
OUTSIDE = "198.51.100.1:9"  # of the addresses kept for documentation; here alone
IMAGE = f"""FROM {shared.BASE}
RUN apt-get update && apt-get install -y --no-install-recommends systemd systemd-sysv libseccomp2 \\
    passwd util-linux iproute2 curl procps && systemctl mask getty.target console-getty.service
COPY checkout {HOME}
RUN cd {HOME} && bin/lockstitch doctor; test -x .venv/bin/granian
CMD ["/sbin/init"]
"""
ENVIRONMENT = f"""LOCKSTITCH_TLS=1
LOCKSTITCH_EDGE=127.0.0.1
LOCKSTITCH_CONSOLE_HOST=console.shop.example
LOCKSTITCH_DESK_ORIGIN=https://desk.console.shop.example
LOCKSTITCH_MAIL_URL=maildir:{DATA}/guard/mailbox
"""
LISTENER = """[Service]
ExecStartPre=/usr/sbin/ip address replace 198.51.100.1/32 dev lo
ExecStart=/usr/local/bin/python3 -c 'import socket,time; s = socket.create_server(("", 9)); time.sleep(9999)'
"""


def main() -> None:
    shared.alone(2)
    shared.say(f"{ENGINE}")
    folder = shared.begin()
    (folder / "checkout").mkdir()
    files = run("git", "-C", str(ROOT), "ls-files").splitlines()
    for path in (ROOT / name for name in files):
        there = folder / "checkout" / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
        there.chmod(path.stat().st_mode)
    (folder / "Units").write_text(IMAGE)
    shared.build(NAME, folder, folder / "Units")
    few = "pids" not in Path("/sys/fs/cgroup/cgroup.controllers").read_text()
    run(ENGINE, "run", "-d", "--name", NAME, "--systemd=always", "--privileged", "--network=none",
        "--cgroupns=private", *(["--pids-limit=0"] if few else []), NAME)  # fmt: skip
    try:
        try_all()
    finally:
        shared.tidy(folder, [ENGINE, "rm", "-f", "-t", "5", NAME])
    shared.conclude()


def try_all() -> None:
    check("systemd is there", until(lambda: shell("systemctl is-system-running") == "running"))
    shell("useradd --system --no-create-home --shell /usr/sbin/nologin lockstitch-db")
    told = [each for name in shared.STAFF for each in ("-e", f"{name}={shared.STAFF[name]}")]
    start = [ENGINE, "exec", *told, NAME, f"{HOME}/bin/up", "--empty", "--separate-users"]
    shared.first_start([*start, "--data", DATA], lambda: shell("pkill -INT -f lockstitch.cli.up; "
        "pkill -INT -o -f 'cli up --empty'"))  # fmt: skip
    write("/etc/lockstitch/environment", ENVIRONMENT)
    write("/etc/systemd/system/listener.service", LISTENER)
    shell(f"cp {HOME}/ops/systemd/* /etc/systemd/system/ && systemctl enable --now lockstitch.target"
          " && systemctl start listener")  # fmt: skip
    check("all units are active and answer", until(is_up, 90), states())
    code = answer(8000, "-X", "PUT", "--data", "x")
    check("PUT is answered 405", code == "405", code)
    before = python(shared.KEPT, DATA)
    look()
    doctor = call(ENGINE, "exec", NAME, f"{HOME}/bin/lockstitch", "--data", DATA, "doctor")
    check("doctor finds nothing wrong", doctor.returncode == 0, doctor.stdout)
    for name in UNITS:
        was = pid(name)
        shell(f"kill -KILL {was}")
        check(
            f"{name}: killed, it is started again, and all answers",
            until(lambda name=name, was=was: pid(name) not in ("0", was) and is_up(), 90),
            states(),
        )
    shell("systemctl stop lockstitch-database lockstitch.target")
    check("stopped, no process is left", not shell("pgrep -f /opt/lockstitch || pgrep postgres"))
    run(ENGINE, "restart", "-t", "30", NAME)
    check("the machine started again, all is up by itself", until(is_up, 120), states())
    after = python(shared.KEPT, DATA)
    check("and all is still there", after == before, f"{before}, then {after}")


def look() -> None:
    for name in PROCESSES:
        pids = shared.family(outside(pid(name)))
        shared.check_process(name, pids, int(shell(f"id -u ls-{name}")))
    database = {
        shared.status(each)["Uid"].split()[0] for each in shared.family(outside(pid("database")))
    }
    wanted = {"0", shell("id -u lockstitch-db")}
    check("database: root, and PostgreSQL's own user", database <= wanted, database)
    out = python("import socket; socket.create_connection(('198.51.100.1', 9), 3); print('yes')")
    check("the address outside is reached from outside the units", out == "yes", out)
    for name in PROCESSES:
        shared.check_probe(name, probe(name))
    alerts = python(shared.ALERTS, DATA)
    check("that a program was asked for was told of, from shop and desk",
          "shop: execve" in alerts and "desk: execve" in alerts, alerts)  # fmt: skip
    for line in shell("systemd-analyze security --no-pager | grep lockstitch").splitlines():
        shared.say(f"       {line.split()[0]}: exposed {line.split()[1]} of 10")


def probe(name: str) -> str:
    """What a process under this unit's own lines says, in place of the unit's program."""
    unit = shell(f"cat /etc/systemd/system/lockstitch-{name}.service")
    lines = [line for line in unit.splitlines() if not line.startswith(("Restart", "PartOf"))]
    argv = f"{HOME}/.venv/bin/python {HOME}/probe.py {name} {DATA} {OUTSIDE}"
    text = "\n".join(
        f"ExecStart={argv}" if each.startswith("ExecStart=") else each for each in lines
    )
    write(f"{HOME}/probe.py", shared.PROBE)
    write("/etc/systemd/system/probe.service", text.replace("Type=exec", "Type=oneshot"))
    shell("systemctl daemon-reload; systemctl start probe")
    said = shell("journalctl -u probe -o cat -n 20 --no-pager -I")
    return next((line for line in said.splitlines() if line.startswith("{")), said)


def is_up() -> bool:
    active = shell(
        "systemctl is-active lockstitch.target " + " ".join(f"lockstitch-{n}" for n in UNITS)
    )
    return set(active.split()) == {"active"} and (answer(8000), answer(8001)) == ("302", "200")


def answer(port: int, *more: str) -> str:
    """The status that the edge would see."""
    host, at = (
        ("console.shop.example", "/")
        if port == 8000
        else ("desk.console.shop.example", "/sign-in/")
    )
    how = ("-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Host: {host}")
    return call(ENGINE, "exec", NAME, "curl", *how, "-H", "X-Forwarded-Proto: https", *more,
                f"http://127.0.0.1:{port}{at}").stdout  # fmt: skip


def states() -> str:
    return shell("systemctl list-units --all --no-legend --no-pager 'lockstitch*'; "
                 "journalctl -p warning -n 30 -o cat --no-pager")  # fmt: skip


def pid(name: str) -> str:
    return shell(f"systemctl show -P MainPID lockstitch-{name}")


def outside(number: str) -> int:
    """The process id as this machine counts."""
    inner = run(ENGINE, "inspect", "-f", "{{.State.Pid}}", NAME)
    for each in shared.family(int(inner)):
        if shared.status(each)["NSpid"].split()[-1] == number:
            return each
    raise LookupError(number)


def shell(text: str) -> str:
    return call(ENGINE, "exec", NAME, "sh", "-c", text).stdout.strip()


def python(code: str, *arguments: str) -> str:
    argv = [ENGINE, "exec", "-i", "-w", HOME, "-e", f"PYTHONPATH={HOME}", NAME]
    return run(*argv, f"{HOME}/.venv/bin/python", "-", *arguments, given=code)


def write(path: str, text: str) -> None:
    run(ENGINE, "exec", "-i", NAME, "sh", "-c",
        f"mkdir -p {Path(path).parent}; cat >{path}; chmod 0644 {path}", given=text)  # fmt: skip


if __name__ == "__main__":
    main()
