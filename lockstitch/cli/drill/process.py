"""S3 to S6: files written as the shop's user, and Python inside a live process."""

import json
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.instance import ROOT

# Each line is tried inside the process; what it prints is a list of [what, what came of it].
_TRIES = """
import ctypes, json, os, socket, subprocess, sys, time
print(time.time(), flush=True)
said = []
libc = ctypes.CDLL(None, use_errno=True)
def attempt(what, deed):
    try:
        said.append([what, deed()])
    except BaseException as error:
        said.append([what, f"blocked: {type(error).__name__} {getattr(error, 'errno', '')}"])
def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return "DONE"
"""
_CODE = """
def run(path):
    pid = os.posix_spawn(path, [path], {})
    return "DONE" if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 else "blocked: no start"
attempt("start /bin/true", lambda: run("/bin/true"))
attempt("start python", lambda: run(sys.executable))
attempt("memfd_create", lambda: os.memfd_create("DRILL") and "DONE")
attempt("ptrace the parent", lambda: checked(libc.ptrace(16, os.getppid(), 0, 0)))
attempt("signal the guard", lambda: os.kill(GUARD, 0) or "DONE")
attempt("read the guard's memory", lambda: open(f"/proc/{GUARD}/mem", "rb") and "DONE")
attempt("read its environment", lambda: open(f"/proc/{GUARD}/environ", "rb").read() and "DONE")
attempt("raw socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW) and "DONE")
print(json.dumps(said))
"""
_SINKS = """
for host, port in SINKS:
    def connect(host=host, port=port):
        with socket.socket() as wire:
            wire.settimeout(0.5)
            try:
                wire.connect((host, port))
            except (TimeoutError, ConnectionRefusedError):
                return "DONE"
        return "DONE"
    attempt(f"connect {host}:{port}", connect)
print(json.dumps(said))
"""
_LOOK = """
found, read = [], 0
for path in KNOWN:  # where the source code says that things lie
    try:
        read += bool(open(path, "rb").read())
    except OSError:
        pass
secrets = [bytes.fromhex(each) for each in SECRETS]
for top in TOPS:
    for folder, _names, files in os.walk(top, onerror=lambda _e: None):
        for name in files:
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    data = file.read(5_000_000)
            except OSError:
                continue
            read += 1
            if any(each in data for each in secrets):
                found.append(path)
for name, value in os.environ.items():
    if any(each in value.encode() for each in secrets):
        found.append("env " + name)
print(json.dumps([read, found]))
"""
# Internal first: the database's port, the guard's, the cloud's metadata; then addresses of nobody.
SINKS = (
    ("127.0.0.1", 5432), ("127.0.0.1", 22), ("127.0.0.1", 25), ("169.254.169.254", 80),
    ("10.0.0.1", 443), ("192.0.2.1", 443), ("192.0.2.2", 80), ("198.51.100.1", 53),
    ("203.0.113.1", 8443), ("203.0.113.2", 4444),
)  # fmt: skip
DROPPED = {
    "a module": (ROOT / "lockstitch", "drill_{id}.py", "raise SystemExit('DRILL')\n"),
    "a template": (ROOT / "lockstitch" / "storefront" / "templates", "drill_{id}.html", "DRILL"),
    "Python's start": (ROOT / "lockstitch", "drill_{id}.pth", "import os  # DRILL\n"),
}


def files(ground: Ground, stage: Stage) -> None:
    """S3: the shop's user may write where the process may; then it is granted more than that."""
    mark = uuid4().hex
    static, media = ground.instance.data / "static" / "shop", ground.instance.data / "media"
    places = {
        **DROPPED, "a script": (static, "drill_{id}.js", "/* DRILL */"),
        "a picture's place": (media, "drill_{id}.py", f"DRILL-{mark}"),
    }  # fmt: skip
    code = _TRIES + "".join(
        f"attempt({f'write {what}'!r}, lambda: open({str(folder / name.format(id=mark))!r}, 'w')"
        ".write('DRILL') and 'DONE')\n"
        for what, (folder, name, _text) in places.items()
    ) + "print(json.dumps(said))"  # fmt: skip
    _tell(stage, ground.inside("shop", code).stdout, by="no writable folder (Landlock)")
    for what, (folder, name, text) in places.items():
        path = folder / name.format(id=mark)
        try:
            stage.expect("file.changed", partial(path.write_text, text), about=f"%{path.name}")
            if what == "a picture's place":
                url = ground.shop(f"/media/{path.name}")
                status, _headers, body = ground.visitor(3).ask("GET", url)
                is_hidden = status == 404 and f"DRILL-{mark}".encode() not in body
                stage.check("run or show it", is_stopped=is_hidden, by="only pictures are served")
        finally:
            path.unlink(missing_ok=True)


def code(ground: Ground, stage: Stage) -> None:
    """S4: Python inside a shop's process, with its sockets and environment; and inside a desk's."""
    guard = ground.pid_of(b"guard\0serve")
    for surface in ("shop", "desk"):
        at, began = stage.now(), time.perf_counter()
        said = ground.inside(surface, f"GUARD = {guard}\n{_TRIES}{_CODE}").stdout
        _tell(stage, said, by="no new program, no other process (seccomp, Landlock)", who=surface)
        stage.see("process.refused", _began(said, at), began, about=f"%{surface}%")
    _decoy_pass(ground, stage)
    _desk_alone(ground, stage)


def _decoy_pass(ground: Ground, stage: Stage) -> None:
    """The pass that lies in the shop's environment opens nothing, and says who tries."""
    from guard.client import GuardClient, GuardUnavailable
    from guard.wire import Health

    token = ground.environment("shop")["LOCKSTITCH_DESK_TOKEN"]

    def use() -> None:
        try:
            GuardClient(ground.instance.guard_socket, token).call(Health())
            stage.leaked("the shop's pass opens the guard")
        except GuardUnavailable:
            stage.stopped("ask the guard with the shop's pass", "it is a decoy")

    stage.expect("decoy.used", use)


def _desk_alone(ground: Ground, stage: Stage) -> None:
    """The desk's own pass, without a person who is signed in."""
    from guard.client import GuardRefused
    from guard.wire import Reveal, Search

    desk = ground.as_channel("desk")
    at, began = stage.now(), time.perf_counter()
    for placed in ground.orders[:25]:
        ask = Reveal(record_ids=[placed.record_id], fields=["email"], purpose="order.ship")
        try:
            desk.call(ask, address=ground.source(4))
            stage.leaked(f"the desk reads {placed.number} by itself")
            stage.disclosed.add(ground.people[placed.record_id])
        except GuardRefused as refused:
            stage.stopped(f"read {placed.number}", f"nobody is signed in: {refused.code}")
    try:
        by_mail = Search(site_id=ground.site.id, by="email", value=ground.person(0)["email"])
        desk.call(by_mail, address=ground.source(4))
        stage.leaked("the desk searches by itself")
    except GuardRefused as refused:
        stage.stopped("search", f"nobody is signed in: {refused.code}")
    stage.see("reveal.probing", at, began)


def egress(ground: Ground, stage: Stage) -> None:
    """S5: to a sink inside or outside, from shop, desk and worker."""
    for surface in ("shop", "desk", "worker"):
        at, began = stage.now(), time.perf_counter()
        said = ground.inside(surface, f"SINKS = {SINKS!r}\n{_TRIES}{_SINKS}").stdout
        _tell(stage, said, by="no way out (seccomp, Landlock)", who=surface)
        stage.see("process.refused", _began(said, at), began, about=f"%{surface}%")


def discovery(ground: Ground, stage: Stage) -> None:
    """S6: whatever file can be read, in search of a key or of a person; the decoy among them."""
    data, folder = ground.instance.data, ground.instance.data / "guard"
    keys = [folder / name for name in ("master.key", "ledger.key", "cli.token")]
    passes = [ground.environment("desk")["LOCKSTITCH_DESK_TOKEN"],
              ground.environment("worker")["LOCKSTITCH_WORKER_TOKEN"]]  # fmt: skip
    for role in ("ls_desk", "ls_worker", "ls_guard", "ls_owner", "postgres"):
        path = ground.instance.cluster.passfile(role)
        if path.exists():
            passes.append(path.read_text().strip().rpartition(":")[2])
    secrets = [path.read_bytes().strip() for path in keys if path.exists()]
    secrets += [each.encode() for each in passes] + ground.marks
    tops = [str(data), "/proc", tempfile.gettempdir(), "/var", "/home", "/root", "/etc", str(ROOT)]
    known = [*map(str, keys), str(ground.instance.decoy), str(data / "keys" / "desk")]
    sought = [each.hex() for each in secrets]
    code = f"KNOWN = {known!r}\nTOPS = {tops!r}\nSECRETS = {sought!r}\n{_TRIES}{_LOOK}"
    at, began = stage.now(), time.perf_counter()
    done = ground.inside("shop", code)
    read, found = json.loads(done.stdout.strip().splitlines()[-1])
    for path in found:
        stage.leaked(f"a secret or a person in {path}")
    if not found:
        stage.stopped(f"{read} files read, no secret and nobody in them", "own files only")
    stage.see("decoy.touched", _began(done.stdout, at), began, about="%guard-pass")


def _began(output: str, started: datetime) -> datetime:
    """When the code was there to do harm, which it prints first; else when its process started."""
    try:
        return max(started, datetime.fromtimestamp(float(output.partition("\n")[0]), UTC))
    except ValueError:
        return started


def _tell(stage: Stage, output: str, *, by: str, who: str = "") -> None:
    """What came of each try inside."""
    lines = output.strip().splitlines()
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("[") else []
    if not said:
        stage.stopped(f"run at all{f' ({who})' if who else ''}", by)
    for what, came in said:
        stage.check(f"{what}{f' ({who})' if who else ''}: {came}", by=by,
                    is_stopped=str(came).startswith("blocked"))  # fmt: skip
