"""What `containers.py` and `units.py` share: engine, images, and a line for each thing that holds.

As root, with podman (or `ENGINE=docker`). `BUILD` is given to each `build` (how pip finds a mirror,
say). `--stand-ins` makes python:3.13-slim and caddy:2 from Debian's packages and this Python, where
no registry of images is reached. `--keep` leaves everything there. Exit code 1 when anything fails.
"""

import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = os.environ.get("ENGINE", "podman")
BASE, EDGE = "python:3.13-slim", "caddy:2"  # short names: what is made here is found first
EMAIL, PASSWORD = "first@shop.example", "wale comb knit 4821"
STAFF = {"LOCKSTITCH_STAFF_EMAIL": EMAIL, "LOCKSTITCH_STAFF_PASSWORD": PASSWORD}
PROCESSES = ("shop", "desk", "worker", "guard", "files")
NEEDED = "ca-certificates,libssl3t64,libsqlite3-0,libffi8,zlib1g,libbz2-1.0,liblzma5,libuuid1"
CADDY = f"""FROM {BASE}
RUN apt-get update && apt-get install -y --no-install-recommends caddy
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
"""
SHOP = """
import sys
from lockstitch.cli import django_door, shops
from lockstitch.cli.instance import Instance
django_door.setup(Instance.at(sys.argv[1]))
from lockstitch.tenancy.actions import open_company, open_site
site = open_site(company_id=open_company(name="North").id, slug="north", name="North",
                 hosts=["north.shop.example"], mail_from="shop@shop.example")
shops.make_known(site, "North")
"""
# What is there: asked before a stop and after the next start.
KEPT = """
import json, sys, psycopg
from lockstitch.cli.instance import Instance
with psycopg.connect(Instance.at(sys.argv[1]).cluster.url("postgres")) as db:
    tables = ("guard.principal", "tenancy_site", "guard.ledger")
    print(json.dumps([db.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in tables]))
"""
ALERTS = """
import sys, psycopg
from lockstitch.cli.instance import Instance
with psycopg.connect(Instance.at(sys.argv[1]).cluster.url("postgres")) as db:
    print(*sorted(row[0] for row in db.execute("SELECT subject FROM guard.alert")), sep=", ")
"""
# In a process's place: what its sandbox lets through, as JSON. Arguments: name, data, address.
PROBE = """
import json, os, socket, sys
name, data, (host, port) = sys.argv[1], sys.argv[2], sys.argv[3].split(":")
done = {}
def may(what, deed):
    try:
        deed()
        done[what] = True
    except OSError:
        done[what] = False
def connect(host, port):
    socket.create_connection((host, port), 3).close()
for folder in ("/etc", "/usr", "/opt/lockstitch", data):
    may("writes " + folder, lambda: open(folder + "/probe", "w").close())
for path in ("guard/master.key", "pg/secrets/postgres", *("keys/" + n for n in ("shop", "desk"))):
    may("reads " + path, lambda: open(f"{data}/{path}", "rb").read(1))
for other in ("shop", "desk", "worker", "guard", "files"):
    may("is told what " + other + " is", lambda: open("/run/lockstitch/" + other).read(1))
may("opens another port", lambda: socket.create_server(("", 8099)).close())
may("goes out", lambda: connect(host, int(port)))
may("starts a program, at first", lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0))
if name in ("shop", "desk"):
    os.environ.update(json.load(open("/run/lockstitch/" + name)))
    import lockstitch.wsgi
    may("starts a program", lambda: os.execv("/bin/false", ["false"]))
print(json.dumps(done))
"""
PORT = {"opens another port"}
OWN_KEY = {"shop": {"reads keys/shop"}, "desk": {"reads keys/desk"}}

_made: list[str] = []
_failed: list[str] = []


def use_cgroups(version: int) -> None:
    """Where both versions are mounted, which crun refuses: this one alone, in a mount namespace of
    our own: 1, then 2, which has no controllers (limits) then, but what systemd needs else."""
    hybrid = Path("/sys/fs/cgroup/unified")
    if ENGINE != "podman" or not hybrid.exists():
        return
    if version == 1 and hybrid.is_mount():
        os.unshare(os.CLONE_NEWNS)
        run("mount", "--make-rprivate", "/")
        run("umount", str(hybrid))
    if version == 2:
        run("mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")


def begin() -> Path:
    """A folder for what is made; the engine made ready. Exits where this can not be tried."""
    if os.geteuid() != 0 or shutil.which(ENGINE) is None:
        sys.exit(f"wants root and {ENGINE}")
    folder = Path(tempfile.mkdtemp(prefix="lockstitch-try-"))
    conf = folder / "containers.conf"
    files, tasks = limits()
    conf.write_text(f'[containers]\ndefault_ulimits = ["nofile={files}", "nproc={tasks}"]\n')
    os.environ |= {"CONTAINERS_CONF": str(conf)} if is_limited() else {}
    os.environ |= {} if Path("/run/systemd/system").exists() else {"DISABLE_HC_SYSTEMD": "true"}
    if "--stand-ins" in sys.argv:
        make_base(folder)
    return folder


def limits() -> tuple[int, int]:
    """Of files and processes. Podman asks for 32768 processes itself and can not go above after."""
    return (
        resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        min(32768, resource.getrlimit(resource.RLIMIT_NPROC)[1]),
    )


def is_limited() -> bool:
    """Whether even root may not raise its limits here (no CAP_SYS_RESOURCE)."""
    found = re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text())
    return found is not None and not int(found[1], 16) >> 24 & 1


def make_base(folder: Path) -> None:
    if call(ENGINE, "image", "inspect", BASE).returncode == 0:
        return
    say("making python:3.13-slim from Debian's packages and this Python")
    root, here = folder / "base", Path(sys.base_prefix)
    run("debootstrap", "--variant=minbase", f"--include={NEEDED}", "trixie", str(root))
    local = root / "usr/local"
    for path in (*here.glob("bin/python3.13"), *here.glob("lib/libpython3*.so*")):
        shutil.copy2(path, local / path.relative_to(here), follow_symlinks=False)
    left = shutil.ignore_patterns("site-packages", "test", "idlelib", "config-*", "__pycache__")
    shutil.copytree(here / "lib/python3.13", local / "lib/python3.13", ignore=left)
    for name in ("python", "python3"):
        (local / "bin" / name).symlink_to("python3.13")
    run("chroot", str(root), "sh", "-c", "ldconfig && python -m ensurepip >/dev/null 2>&1"
        " && ln -s pip3.13 /usr/local/bin/pip")  # fmt: skip
    run("sh", "-c", f"tar -C {root} -c . | {ENGINE} import - {BASE}")
    shutil.rmtree(root)
    _made.append(BASE)


def build(name: str, context: Path, recipe: Path) -> None:
    run(ENGINE, "build", *shlex.split(os.environ.get("BUILD", "")), "-t", name,
        "-f", str(recipe), str(context))  # fmt: skip
    _made.append(name)


def tidy(folder: Path, *commands: list[str]) -> None:
    """Removes what was made; these first."""
    if "--keep" in sys.argv:
        return
    for command in (*commands, *([ENGINE, "rmi", "-f", image] for image in reversed(_made))):
        call(*command)
    shutil.rmtree(folder)


def conclude() -> None:
    say(f"\n{len(_failed)} failed" if _failed else "\nall holds")
    sys.exit(bool(_failed))


def call(*argv: str, given: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, input=given, capture_output=True, text=True, check=False, env={**os.environ, **more}
    )


def run(*argv: str, given: str | None = None, **more: str) -> str:
    """What it said. Exits with its last words when it fails."""
    done = call(*argv, given=given, **more)
    if done.returncode:
        sys.exit(f"{shlex.join(argv)[:200]}\n{(done.stderr or done.stdout)[-1500:]}")
    return done.stdout.strip()


def say(text: str) -> None:
    print(text, flush=True)


def check(what: str, holds: bool, told: object = "") -> None:
    """One line; what was found instead, when it does not hold."""
    say(f"{'holds' if holds else 'FAILS'}  {what}" + (f": {told}" if told and not holds else ""))
    if not holds:
        _failed.append(what)


def until(question: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it came to hold in that time."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if question():
            return True
        time.sleep(1)
    return False


def first_start(argv: list[str], stop: Callable[[], object]) -> str:
    """`up --empty`, stopped when it is ready; the key of the first login's codes."""
    key, is_ready = "", False
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as up:
        for line in up.stdout or ():
            key = found[1] if (found := re.match(r"\s+key\s+(\w+)", line)) else key
            if line.startswith("Ready in"):
                is_ready = True
                stop()
    check("the first start makes the first login", is_ready and bool(key))
    return key


def is_kept(before: str, after: str) -> bool:
    """People and shops; the ledger goes on by itself."""
    (*first, written), (*then, more) = json.loads(before), json.loads(after)
    return first == then and all(first) and 0 < written <= more


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def family(pid: int) -> list[int]:
    """This process and all below it."""
    found = [pid]
    for folder in Path(f"/proc/{pid}/task").iterdir():
        for child in (folder / "children").read_text().split():
            found += family(int(child))
    return found


def check_process(name: str, pids: list[int], uid: int) -> None:
    """Of the real ones: whose they are, and what they may."""
    found = [status(pid) for pid in pids]
    wanted = {"Uid": f"{uid}\t{uid}\t{uid}\t{uid}", "NoNewPrivs": "1", "Seccomp": "2",
              "CapPrm": "0" * 16, "CapEff": "0" * 16, "CapBnd": "0" * 16}  # fmt: skip
    odd = [(each["Name"], what, each[what]) for each in found for what in wanted
           if each[what] != wanted[what]]  # fmt: skip
    check(
        f"{name}: user {uid} alone, no capabilities, seccomp ({len(found)} processes)", not odd, odd
    )
    cores = [
        line.split()[4:6]
        for pid in pids
        for line in Path(f"/proc/{pid}/limits").read_text().splitlines()
        if "core" in line
    ]
    check(f"{name}: no core dumps", cores == [["0", "0"]] * len(pids), cores)


def check_probe(name: str, said: str, *, also: set[str]) -> None:
    try:
        found = {what for what, is_so in json.loads(said.splitlines()[-1]).items() if is_so}
    except (ValueError, IndexError):
        check(f"{name}: the probe answers", False, said[-500:])
        return
    wanted = also | {f"is told what {name} is", "starts a program, at first"}
    wanted |= OWN_KEY.get(name, set())
    wanted |= {"reads guard/master.key", "goes out"} if name == "guard" else set()
    more, less = found - wanted, wanted - found
    check(f"{name}: writes nothing of the system's, reads its own secrets alone, "
          f"{'may go out' if name == 'guard' else 'has no way out'}", not more | less,
          f"too much {sorted(more)}, too little {sorted(less)}")  # fmt: skip
