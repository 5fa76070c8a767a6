"""What a process of this program may not ask of Linux any more, once it has started: seccomp.

No other program is started, no other process is read, no code is made in memory, and where there is
no `egress`, no socket is opened but of this machine's files. What an intruder would try first is
also TOLD: the kernel asks a listener outside the process (guard.watch.refusing), which says no. To
whoever asks it is "not permitted" either way.
"""

import contextlib
import ctypes
import errno
import json
import logging
import os
import resource
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from types import ModuleType

SET_FILTER, TSYNC, LISTENER, TSYNC_ESRCH = 1, 1, 8, 16  # include/uapi/linux/seccomp.h
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38
SECCOMP = {"x86_64": 317, "aarch64": 277}  # the call's number
CLONE_THREAD, PROT_WRITE, PROT_EXEC, SHM_EXEC = 0x10000, 2, 4, 0o100000
SOCK_TYPE, SOCK_RAW, FAMILIES = 0xF, 3, 46
HELLO_S, AGAIN_S = 10.0, 0.1  # the listener may still be starting

# What nobody's page needs: told. A new process is in it, for a program begins with one.
TOLD = (
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "memfd_create", "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "bpf",
)  # fmt: skip
REFUSED = (
    "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "mount", "umount2",
    "pivot_root", "chroot", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree",
    "mount_setattr", "setns", "unshare", "keyctl", "add_key", "request_key", "perf_event_open",
    "pidfd_getfd", "kcmp", "process_madvise", "open_by_handle_at", "seccomp", "personality",
    "swapon", "swapoff", "reboot", "settimeofday", "clock_settime", "acct", "quotactl", "ioperm",
    "iopl", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
)  # fmt: skip

log = logging.getLogger("guard")
_libc = ctypes.CDLL(None, use_errno=True)


def libseccomp() -> ModuleType | None:
    """The compiler of filters; None where this system has none, or another kind of kernel."""
    if os.uname().machine not in SECCOMP:
        return None
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError):
        return None
    found: ModuleType = pyseccomp
    return found


def bar(name: str, *, egress: bool, listener: str = "", leader: int = 0) -> bool:
    """From here on, for every thread of this process. `listener` is the socket of whoever is told;
    when it ends, so does this process (`leader`, where another one started it): started again, it
    is told of again. False: there is no seccomp here. OSError when the kernel refuses."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seccomp = libseccomp()
    if seccomp is None:
        return False
    wire = _hello(name, seccomp, listener) if listener else None
    program = _compiled(seccomp, egress=egress, told=wire is not None)
    try:
        handle = _install(program, wire is not None)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS):
            raise
        if wire is None:
            return False  # the kernel has none
        log.warning("%s: this kernel cannot tell what it refuses", name)
        wire.close()
        return bar(name, egress=egress)
    if wire is not None:
        socket.send_fds(wire, [b"!"], [handle])
        os.close(handle)  # whoever holds it decides: not we
        if wire.recv(1) != b"+":
            raise OSError(errno.EPIPE, "the listener took no notice")
        wire.settimeout(None)
        waiting = threading.Thread(target=_until_ended, args=(wire, leader), daemon=True)
        waiting.start()
    return True


def undumpable() -> None:
    """No process of the same user reads this one's memory or environment."""
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _hello(name: str, seccomp: ModuleType, path: str) -> socket.socket | None:
    calls = {_number(seccomp, call): call for call in (*TOLD, "clone", "socket")}
    until = time.monotonic() + HELLO_S
    while time.monotonic() < until:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        wire.settimeout(HELLO_S)
        with contextlib.suppress(OSError):  # it is still being started
            wire.connect(path)
            wire.sendall(json.dumps({"process": name, "calls": calls}).encode())
            if wire.recv(1) == b"+":
                return wire
        wire.close()
        time.sleep(AGAIN_S)
    log.warning("%s: nobody listens: what is refused is told to nobody", name)
    return None


def _until_ended(wire: socket.socket, leader: int) -> None:
    with contextlib.suppress(OSError):
        wire.recv(1)
    log.warning("the listener of refused calls has ended: starting again")
    os.kill(leader or os.getpid(), signal.SIGTERM)


def _number(seccomp: ModuleType, call: str) -> int:
    return int(seccomp.resolve_syscall(seccomp.Arch.NATIVE, call))


def _compiled(seccomp: ModuleType, *, egress: bool, told: bool) -> bytes:
    """Instructions for the kernel."""
    arg, equal, masked = seccomp.Arg, seccomp.EQ, seccomp.MASKED_EQ
    no = seccomp.ERRNO(errno.EPERM)
    tell = seccomp.NOTIFY if told else no
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for action, calls in ((tell, TOLD), (no, REFUSED)):
        for call in calls:
            if _number(seccomp, call) >= 0:  # this architecture has it
                rules.add_rule(action, call)
    rules.add_rule(tell, "clone", arg(0, masked, CLONE_THREAD, 0))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags are out of sight: use clone
    for family in _families(egress):
        rules.add_rule(tell, "socket", arg(0, equal, family))
    rules.add_rule(tell, "socket", arg(0, seccomp.GE, FAMILIES))
    if egress:
        rules.add_rule(tell, "socket", arg(1, masked, SOCK_TYPE, SOCK_RAW),
                       arg(0, seccomp.NE, socket.AF_NETLINK))  # fmt: skip
    both = PROT_WRITE | PROT_EXEC
    rules.add_rule(no, "mmap", arg(2, masked, both, both))
    for call in ("mprotect", "pkey_mprotect"):
        rules.add_rule(no, call, arg(2, masked, PROT_EXEC, PROT_EXEC))
    rules.add_rule(no, "shmat", arg(2, masked, SHM_EXEC, SHM_EXEC))
    for option in (PR_SET_SECCOMP, PR_SET_DUMPABLE):
        rules.add_rule(no, "prctl", arg(0, masked, 0xFFFFFFFF, option))
    read, write = os.pipe()
    with os.fdopen(read, "rb") as said, os.fdopen(write, "wb") as end:
        rules.export_bpf(end)
        end.close()
        return said.read()


def _families(egress: bool) -> Iterator[int]:
    """Those that are refused."""
    used = {socket.AF_UNIX}
    if egress:  # and what a name is looked up with
        used |= {socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}
    return (family for family in range(FAMILIES) if family not in used)


def _install(program: bytes, told: bool) -> int:
    """The listener's handle, when it is told."""
    kept = ctypes.create_string_buffer(program, len(program))
    about = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(kept))
    flags = TSYNC | (LISTENER | TSYNC_ESRCH if told else 0)
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "no new privileges")
    done = int(_libc.syscall(SECCOMP[os.uname().machine], SET_FILTER, flags, about))
    if done < 0 or (done and not told):
        raise OSError(ctypes.get_errno() or errno.EAGAIN, "seccomp")
    return done
