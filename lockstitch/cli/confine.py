"""Starts a program that can reach only the files it needs: `python -m lockstitch.cli.confine
READ… --write WRITE… --port 8000 -- PROGRAM …`.

Linux's Landlock (kernel 5.13 and newer), which needs no rights of its own. Shop, desk, worker and
guard of one machine run as one user unless a deployer gives each its own; without this the shop,
taken over, could read the guard's key files and the other roles' passwords. What is confined may
not trace, signal or read the memory of what is outside either, and opens no TCP connection.
"""

import ctypes
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

# include/uapi/linux/landlock.h
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION = 1
PATH_BENEATH, NET_PORT = 1, 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
READ = EXECUTE | READ_FILE | READ_DIR
BIND_TCP, CONNECT_TCP = 1, 2
SCOPED = 0b11  # abstract sockets, signals
NO_NEW_PRIVILEGES = 38
# version of the interface -> the file rights that it knows
FILE_RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15, 5: 1 << 16}
# Not /proc: another process's environment can be read there, with its secrets.
SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc", "/proc/self", sys.base_prefix, sys.prefix,
    sysconfig.get_path("purelib"),  # a link, where Python was copied (reach.interpreter)
)  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Of Landlock in this kernel; 0 when there is none."""
    return max(0, _call(CREATE_RULESET, None, 0, VERSION))


def confine(read: Iterable[Path], write: Iterable[Path], port: int | None) -> None:
    """From here on this process and its children reach only these. Nothing where there is no
    Landlock; OSError when the kernel refuses."""
    known = version()
    if not known:
        return
    every = FILE_RIGHTS[min(known, max(FILE_RIGHTS))] - 1
    network = BIND_TCP | CONNECT_TCP if known >= 4 else 0
    scoped = SCOPED if known >= 6 else 0
    handled = struct.pack("QQQ", every, network, scoped)
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = _checked(_call(CREATE_RULESET, handled, size, 0))
    for path in (*map(Path, SYSTEM), *read):
        _allow(rules, path, READ & every)
    _allow(rules, Path.cwd(), READ_DIR)  # where Python looks for its packages; names only
    _allow(rules, Path("/dev"), (OF_A_FILE | READ_DIR) & every)
    for path in write:
        _allow(rules, path, every)
    if network and port:
        _checked(_call(ADD_RULE, rules, NET_PORT, struct.pack("QQ", BIND_TCP, port), 0))
    _checked(_libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(_call(RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not path.is_dir():
            rights &= OF_A_FILE
        attributes = struct.pack("=Qi", rights, beneath)
        _checked(_call(ADD_RULE, rules, PATH_BENEATH, attributes, 0))
    finally:
        os.close(beneath)


def _call(number: int, *arguments: int | bytes | None) -> int:
    return int(_libc.syscall(number, *arguments))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return result


def main(arguments: list[str]) -> None:
    own, program = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    port = None
    if "--port" in own:
        at = own.index("--port")
        port = int(own[at + 1])
        del own[at : at + 2]
    at = own.index("--write")
    confine(map(Path, own[:at]), map(Path, own[at + 1 :]), port)
    os.execv(program[0], program)  # noqa: S606 - a fixed list, made by the supervisor


if __name__ == "__main__":
    main(sys.argv[1:])
