"""`ops/systemd`, really started: `python3.13 ops/try/units.py`.

systemd is the first process of a container that has nothing but loopback; a second address on that
stands for the world outside. Installed as docs/operations.md says, looked at, killed, stopped, and
started again as a machine is. Each probe runs under its unit's own lines, every one of them.
See shared.py.
"""

from pathlib import Path

import shared
from shared import ENGINE, PROCESSES, ROOT, call, check, run, until

NAME, DATA, HOME = "lockstitch-units", "/var/lib/lockstitch/data", "/opt/lockstitch"
CONSOLE = "console.shop.example"
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
ExecStart=/usr/local/bin/python3 -c 'import socket, time; s = socket.create_server(("", 9)); \\
    time.sleep(9999)'
"""


def main() -> None:
    shared.use_cgroups(1)
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
    shared.use_cgroups(2)
    few = "pids" not in Path("/sys/fs/cgroup/cgroup.controllers").read_text()
    if few:
        shared.say("       no controllers of cgroups here: MemoryMax and TasksMax are not tried")
    try:
        how = ("--systemd=always", "--privileged", "--network=none", "--cgroupns=private")
        run(ENGINE, "run", "-d", "--name", NAME, *how, *(["--pids-limit=0"] if few else []), NAME)
        try_all()
    finally:
        shared.tidy(folder, [ENGINE, "rm", "-f", "-t", "5", NAME])
    shared.conclude()


def try_all() -> None:
    booted = {"running", "degraded"}  # modules are not loaded in a container
    check("systemd is there", until(lambda: shell("systemctl is-system-running") in booted))
    shell("useradd --system --no-create-home --shell /usr/sbin/nologin lockstitch-db")
    told = [each for name in shared.STAFF for each in ("-e", f"{name}={shared.STAFF[name]}")]
    start = [ENGINE, "exec", *told, NAME, f"{HOME}/bin/up", "--empty", "--separate-users"]
    start += ["--data", DATA]
    shared.first_start(start, lambda: shell("pkill -INT -of 'cli up --empty'"))
    write("/etc/lockstitch/environment", ENVIRONMENT)
    write("/etc/systemd/system/listener.service", LISTENER)
    shell(f"cp {HOME}/ops/systemd/* /etc/systemd/system/")
    shell("systemctl enable --now lockstitch.target listener")
    check("all units are active and answer", until(is_up, 90), states())
    python(shared.SHOP, DATA)
    code = answer("north.shop.example")
    check("a shop's page answers", code == "200", code)
    code = answer("north.shop.example", "-X", "PUT", "--data", "x")
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
    shell("systemctl stop lockstitch.target")
    users = ",".join((*(f"ls-{name}" for name in PROCESSES), "lockstitch-db"))
    check("stopped, no process is left", until(lambda: not shell(f"pgrep -u {users}")), states())
    run(ENGINE, "restart", "-t", "30", NAME)
    check("the machine started again, all is up by itself", until(is_up, 120), states())
    after = python(shared.KEPT, DATA)
    check("and all is still there", shared.is_kept(before, after), f"{before}, then {after}")


def look() -> None:
    for name in PROCESSES:
        pids = shared.family(outside(pid(name)))
        shared.check_process(name, pids, int(shell(f"id -u ls-{name}")))
    whole = shared.family(outside(pid("database")))
    database = {shared.status(each)["Uid"].split()[0] for each in whole}
    wanted = {"0", shell("id -u lockstitch-db")}
    check("database: root, and PostgreSQL's own user", database <= wanted, database)
    out = python("import socket; socket.create_connection(('198.51.100.1', 9), 3); print('yes')")
    check("the address outside is reached from outside the units", out == "yes", out)
    can_bind = "-BPF_FRAMEWORK" in shell("systemctl --version")
    if can_bind:
        shared.say("       this systemd is built without SocketBindDeny: Landlock closes ports")
    for name in PROCESSES:
        has_sockets = can_bind and name in ("shop", "desk", "guard")
        shared.check_probe(name, probe(name), also=shared.PORT if has_sockets else set())
    alerts = python(shared.ALERTS, DATA)
    check("that a program was asked for was told of, from shop and desk",
          "shop: execve" in alerts and "desk: execve" in alerts, alerts)  # fmt: skip
    for line in shell("systemd-analyze security --no-pager | grep lockstitch").splitlines():
        shared.say(f"       {line.split()[0]}: exposed {line.split()[1]} of 10")


def probe(name: str) -> str:
    """What a process under this unit's own lines says, in place of the unit's program."""
    unit = shell(f"cat /etc/systemd/system/lockstitch-{name}.service")
    lines = [line for line in unit.splitlines() if not line.startswith(("Restart", "PartOf"))]
    program = f"{HOME}/.venv/bin/python {HOME}/probe.py {name} {DATA} {OUTSIDE}"
    changed = f"ExecStart={program}\nStandardOutput=truncate:/run/probe"
    text = "\n".join(changed if each.startswith("ExecStart=") else each for each in lines)
    write(f"{HOME}/probe.py", shared.PROBE)
    write("/etc/systemd/system/probe.service", text.replace("Type=exec", "Type=oneshot"))
    return shell("rm -f /run/probe; systemctl daemon-reload; systemctl start probe; cat /run/probe")


def is_up() -> bool:
    active = shell(
        "systemctl is-active lockstitch.target " + " ".join(f"lockstitch-{n}" for n in UNITS)
    )
    return set(active.split()) == {"active"} and pages() == ("302", "200")


def pages() -> tuple[str, str]:
    return answer(CONSOLE), answer(f"desk.{CONSOLE}", port=8001, at="/sign-in/")


def answer(host: str, *more: str, port: int = 8000, at: str = "/") -> str:
    """The status that the edge would see."""
    how = ("-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Host: {host}")
    argv = ("curl", *how, "-H", "X-Forwarded-Proto: https", *more)
    return call(ENGINE, "exec", NAME, *argv, f"http://127.0.0.1:{port}{at}").stdout


def states() -> str:
    return shell("systemctl list-units --all --no-legend --no-pager 'lockstitch*'; "
                 "journalctl -u 'lockstitch*' -p warning -n 30 -o cat --no-pager")  # fmt: skip


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
