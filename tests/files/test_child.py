"""What the process of the decoders can do once it is shut away: nothing."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from lockstitch.files import decoding, sandbox
from lockstitch.files.child import MEMBER, PICTURE, seccomp
from lockstitch.files.decoding import Undecodable, decode, read_members, read_pixels
from lockstitch.files.sandbox import CHILD, converse
from tests.files.hostile import picture

LOAD = f"""
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("child", {str(CHILD)!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child.warm_up()
import ctypes, mmap, socket
libc = ctypes.CDLL(None)
tcp, udp, unix = (socket.socket(family, kind) for family, kind in
    ((2, 1), (2, 2), (1, 1)))
"""
HOSTILE = {
    "opens a file": "open('/etc/passwd')",
    "makes a file": "open('/tmp/lockstitch-was-here', 'w')",
    "lists a folder": "os.listdir('/')",
    "makes a socket": "socket.socket()",
    "connects": "tcp.connect(('127.0.0.1', 9))",
    "sends": "udp.sendto(b'x', ('127.0.0.1', 9))",
    "asks a neighbour": "unix.connect('/run/x.sock')",
    "forks": "os.fork()",
    "starts a program": "os.execv('/bin/true', ['true'])",
    "signals": "os.kill(os.getppid(), 0)",
    "reads another's memory": "libc.ptrace(16, os.getppid(), 0, 0)",
    "runs what it wrote": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
    "leaves its group": "os.setsid()",
}


def run(code: str) -> int:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOAD + code], capture_output=True, check=False, timeout=60
    )
    return done.returncode


@pytest.mark.skipif(seccomp is None, reason="no libseccomp")
@pytest.mark.parametrize("deed", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_decoder_that_was_taken_over_ends_at_once(deed: str) -> None:
    assert run(f"child.confine()\n{deed}") == -signal.SIGSYS


@pytest.mark.parametrize("deed", ["opens a file", "makes a file", "lists a folder", "connects"])
def test_landlock_alone_says_no(deed: str) -> None:
    """Where seccomp is missing."""
    code = f"""
child.no_files()
try:
    {HOSTILE[deed]}
except PermissionError:
    sys.exit(42)
"""
    assert run(code) == 42


def test_it_gets_no_more_memory_and_no_more_time() -> None:
    few = "child.seccomp = None\nchild.confine()\n"
    assert run(few + "try:\n    b'x' * 2**31\nexcept MemoryError:\n    sys.exit(42)") == 42
    began = time.monotonic()
    code = few.replace("child.confine", "child.CPU_S = 1\nchild.confine") + "while True: pass"
    assert run(code) in (-signal.SIGXCPU, -signal.SIGKILL)
    assert time.monotonic() - began < 60


def test_it_knows_no_secret_and_holds_no_other_file() -> None:
    """Its environment is empty, and of what we have open it inherits only its own line."""
    decode(picture("PNG"))
    process = decoding.sandbox._process
    assert process is not None
    with open(f"/proc/{process.pid}/environ", "rb") as file:
        assert file.read().strip(b"\0") in (b"", b"LC_CTYPE=C.UTF-8")
    links = subprocess.run(
        ["ls", "-l", f"/proc/{process.pid}/fd"], capture_output=True, text=True, check=True
    ).stdout
    assert sum("->" in line for line in links.splitlines()) <= 3


def test_one_that_hangs_is_killed_and_the_next_picture_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decode(picture("PNG"))
    process = decoding.sandbox._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(sandbox, "WITHIN_S", 0.5)
    with pytest.raises(Undecodable) as refused:
        decode(picture("PNG"))
    assert refused.value.code == "slow"
    assert process.poll() is not None
    monkeypatch.undo()
    assert decode(picture("PNG")).format == "PNG"


def test_one_that_died_is_started_again() -> None:
    decode(picture("PNG"))
    process = decoding.sandbox._process
    assert process is not None
    process.kill()
    process.wait()
    assert decode(picture("GIF")).format == "GIF"


def good(size: tuple[int, int] = (2, 2), more: int = 0) -> bytes:
    return b"P" + PICTURE.pack(0, 2, 2, *size) + bytes(size[0] * size[1] * 3 + more)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"P", b"X" + good()[1:], good(more=1), good()[:-1], good((0, 2)), good((1441, 1)),
        b"P" + PICTURE.pack(9, 2, 2, 2, 2) + bytes(12), b"Z", b"R<script>", b"Rfree",
        b"P" + PICTURE.pack(0, 60_000, 60_000, 2, 2) + bytes(12), good((1, 12_001)),
    ],
)  # fmt: skip
def test_an_answer_of_another_form_is_not_believed(answer: bytes) -> None:
    assert read_pixels(good()).size == (2, 2)
    with pytest.raises(Undecodable) as refused:
        read_pixels(answer)
    assert refused.value.code == "broke"


@pytest.mark.parametrize(
    "answer",
    [
        b"Z\0", b"Z" + MEMBER.pack(1, 5) + b"ab", b"Z" + MEMBER.pack(1, 2**32 - 1) + b"a",
        b"Z" + MEMBER.pack(1, 1) + b"\xffa", b"P", (b"Z" + (MEMBER.pack(1, 0) + b"a") * 201),
    ],
)  # fmt: skip
def test_an_archive_of_another_form_is_not_believed(answer: bytes) -> None:
    assert read_members(b"Z" + MEMBER.pack(1, 2) + b"axy") == [("a", b"xy")]
    with pytest.raises(Undecodable):
        read_members(answer)


def test_a_child_that_never_stops_answering_is_cut_off() -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b"P" * 5000)
    assert len(converse(ours, b"", 1000)) <= 5000
    ours.close()
    theirs.close()
