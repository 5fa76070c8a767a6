"""Who opens a file? Linux's inotify says that somebody did; `watchfiles` tells of changes only."""

import ctypes
import os
import struct
from collections.abc import Iterator
from pathlib import Path

IN_OPEN = 0x20
HEAD = struct.Struct("iIII")  # watch, mask, cookie, length of the name

_libc = ctypes.CDLL(None, use_errno=True)


def opened(paths: list[Path]) -> Iterator[Path]:
    """Each of these files, each time it is opened. Raises OSError when there is no inotify."""
    handle = _libc.inotify_init1(os.O_CLOEXEC)
    if handle < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    watched = {}
    for path in paths:
        number = _libc.inotify_add_watch(handle, os.fsencode(path), IN_OPEN)
        if number >= 0:
            watched[number] = path
    while watched:
        data, at = os.read(handle, 4096), 0
        while at < len(data):
            number, _mask, _cookie, length = HEAD.unpack_from(data, at)
            at += HEAD.size + length
            if number in watched:
                yield watched[number]
