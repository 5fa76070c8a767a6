"""The decoders, in a process that can do nothing else: no file, no network, no other process.

A program of its own, which imports nothing of Lockstitch and holds no secret. It reads no foreign
byte itself: for each job it forks a child, which gives up all that it could do and then reads. What
that one may answer stands in `decoding`, which believes little of it.
"""

import ctypes
import io
import os
import resource
import signal
import socket
import struct
import sys
import warnings
import zipfile

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MAX_PIXELS, MAX_SIDE, WIDTH = 50_000_000, 12_000, 1440
STRIP_PIXELS = 2_000_000
MEMBERS, MEMBER_BYTES, TOTAL_BYTES = 200, 20 * 2**20, 100 * 2**20
RATIO, SMALL_BYTES = 100, 2**20  # what grows more, once it is large, is no archive of pictures
PICTURE = struct.Struct(">BIIII")  # which format, its sides, the sides of the pixels that follow
FRAME = struct.Struct(">6H")  # left, top, width, height in thousandths of it upright; a ratio
MEMBER = struct.Struct(">HI")  # bytes of the name and of the file, which follow

MEMORY_BYTES, CPU_S, JOB_S = 960 * 2**20, 10, 20
CALLS = (
    "read", "write", "close", "brk", "munmap", "mremap", "madvise", "futex", "exit", "exit_group",
    "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "clock_gettime", "getrandom", "getpid",
    "gettid", "sched_getaffinity", "sched_yield",
)  # fmt: skip
PROT_EXEC = 4
LANDLOCK_CREATE, LANDLOCK_RESTRICT, NO_NEW_PRIVILEGES = 444, 446, 38
# version of Landlock -> one more than all the file rights that it knows; see lockstitch.cli.confine
FILE_RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15, 5: 1 << 16}

try:
    import pyseccomp

    seccomp = pyseccomp
except (ImportError, RuntimeError):  # no libseccomp here: Landlock and the limits remain
    seccomp = None


class Refused(Exception):
    """The argument is one of decoding.REASONS."""


def main() -> None:
    """Jobs come as (a letter, a socket) on standard input; how each child ended goes back."""
    control = socket.socket(fileno=0)
    warm_up()
    while True:
        kind, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not kind:
            return
        child = os.fork()
        if child == 0:
            control.close()
            confine()
            work(kind, handles[0])
            os._exit(0)
        os.close(handles[0])
        signal.signal(signal.SIGALRM, lambda *_, late=child: os.kill(late, signal.SIGKILL))
        signal.alarm(JOB_S)
        _, status = os.waitpid(child, 0)
        signal.alarm(0)
        control.send(struct.pack(">i", os.waitstatus_to_exitcode(status)))


def warm_up() -> None:
    """Reads a picture of each kind, and an archive: what Python imports late it can not later."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a child may start no threads
    warnings.simplefilter("ignore")  # to show one, Python reads the source
    "".encode("cp437")  # of old names in archives
    turned = Image.Exif()
    turned[0x0112] = 6
    more = {
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "exif": turned,
    }
    Image.init()
    for kind in FORMATS:
        file = io.BytesIO()
        Image.new("RGB", (WIDTH + 1, 2)).save(file, kind, **more)
        pixels(file.getvalue())
    for kind in ("PNG", "GIF"):
        file = io.BytesIO()
        Image.new("P", (2, 2)).save(file, kind, transparency=0)
        pixels(file.getvalue())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("縫.txt", "")
    members(file.getvalue())


def confine() -> None:
    """From here on: memory, a little time, and what is open already."""
    no_files()
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    few_calls()


def no_files() -> None:
    """Landlock without any exception: nothing can be opened, bound or connected to."""
    libc = ctypes.CDLL(None, use_errno=True)
    known = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if known < 1:
        return
    files = FILE_RIGHTS[min(known, max(FILE_RIGHTS))] - 1
    handled = struct.pack("QQQ", files, 3 if known >= 4 else 0, 3 if known >= 6 else 0)
    rules = libc.syscall(
        LANDLOCK_CREATE, handled, 8 if known < 4 else 16 if known < 6 else 24, 0
    )  # fmt: skip
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if rules < 0 or libc.syscall(LANDLOCK_RESTRICT, rules, 0):
        raise OSError(ctypes.get_errno(), "Landlock")
    os.close(rules)


def few_calls() -> None:
    """Any other system call ends the process, as does memory that can be run as code."""
    if seccomp is None:
        return
    allowed = seccomp.SyscallFilter(seccomp.KILL_PROCESS)
    for name in CALLS:
        allowed.add_rule(seccomp.ALLOW, name)
    for name in ("mmap", "mprotect"):
        allowed.add_rule(seccomp.ALLOW, name, seccomp.Arg(2, seccomp.MASKED_EQ, PROT_EXEC, 0))
    allowed.load()


def work(kind: bytes, handle: int) -> None:
    """Reads the job to its end, then answers."""
    data = _read(handle)
    try:
        answer = members(data) if kind == b"z" else pixels(*framed(kind, data))
    except Refused as refused:
        answer = [b"R", str(refused).encode()]
    except MemoryError:
        answer = [b"R", b"pixels"]
    for part in answer:
        view = memoryview(part)
        while view:
            view = view[os.write(handle, view) :]


def _read(handle: int) -> bytes:
    parts = []
    while part := os.read(handle, 2**20):
        parts.append(part)
    return b"".join(parts)


def framed(kind: bytes, data: bytes) -> tuple[bytes, tuple[int, ...]]:
    """A picture, and which part of it is wanted; empty is the whole."""
    if kind == b"p":
        return data, ()
    return data[FRAME.size :], FRAME.unpack_from(data)


def pixels(data: bytes, frame: tuple[int, ...] = ()) -> list[bytes]:
    """The picture, or that part of it, upright, in sRGB on white, at most WIDTH wide."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as source:
            width, height = source.size  # from the header: nothing is decoded yet
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise Refused("pixels")
            source.load()
            kind = FORMATS.index(source.format or "")
            turned = source.getexif().get(0x0112, 1)
            part = _part(source.size, turned, frame) if frame else (0, 0, width, height)
            width, height = part[2] - part[0], part[3] - part[1]
            plain = _flattened(source, part)
    except (Refused, MemoryError):
        raise
    except UnidentifiedImageError:
        raise Refused("unknown") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except Exception:  # decoders of damaged files raise errors of every kind
        raise Refused("damaged") from None
    if turned != 1:
        plain.getexif()[0x0112] = turned
        ImageOps.exif_transpose(plain, in_place=True)
    if turned in (5, 6, 7, 8):
        width, height = height, width
    if plain.width > WIDTH:
        size = (WIDTH, max(1, round(height * WIDTH / width)))
        plain = plain.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)
    head = PICTURE.pack(kind, width, height, *plain.size)
    return [b"P", head, plain.tobytes()]


def _part(size: tuple[int, int], turned: int, frame: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Where the frame is in the pixels as they are stored: the largest box of its ratio in the
    middle of what was marked on the upright picture, as left, top, right, bottom."""
    lies = turned in (5, 6, 7, 8)  # on its side
    sides = size[::-1] if lies else size
    x, y, w, h = (frame[at] * sides[at % 2] / 1000 for at in range(4))
    wide = min(w, h * frame[4] / frame[5])
    high = wide * frame[5] / frame[4]
    x, y = x + (w - wide) / 2, y + (h - high) / 2
    left, top = min(sides[0] - 1, round(x)), min(sides[1] - 1, round(y))
    right, bottom = (
        min(sides[0], left + max(1, round(wide))), min(sides[1], top + max(1, round(high)))
    )  # fmt: skip
    if turned in (2, 3, 7, 6):  # mirrored from side to side once it is upright ...
        left, right = sides[0] - right, sides[0] - left
    if turned in (3, 4, 7, 8):  # ... and upside down
        top, bottom = sides[1] - bottom, sides[1] - top
    return (top, left, bottom, right) if lies else (left, top, right, bottom)


def _flattened(source: Image.Image, part: tuple[int, int, int, int]) -> Image.Image:
    """In strips, and smaller where it is far larger than wanted: two copies of 50 megapixels would
    not fit."""
    left, first, right, last = part
    width, height = right - left, last - first
    factor = max(1, min(width, height) // WIDTH)
    rows = max(factor, STRIP_PIXELS // width // factor * factor)
    if rows >= source.height and part == (0, 0, *source.size) and factor == 1:
        return _on_white(source)
    plain = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(first, last, rows):
        strip = _on_white(source.crop((left, top, right, min(top + rows, last))))
        plain.paste(strip.reduce(factor) if factor > 1 else strip, (0, (top - first) // factor))
    return plain


def _on_white(source: Image.Image) -> Image.Image:
    profile = source.info.get("icc_profile")
    if source.mode.startswith("I"):  # 16 bits a channel, which convert() would clip
        source = source.convert("I").point(lambda value: value / 256).convert("L")
    if not source.has_transparency_data:
        return _in_srgb(source, profile)
    layer = source.convert("RGBA")
    plain = Image.new("RGB", source.size, "white")
    plain.paste(_in_srgb(layer.convert("RGB"), profile), mask=layer.getchannel("A"))
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Converts by the profile if it fits the picture; without one, colours are sRGB already."""
    if profile and image.mode in ("RGB", "L", "CMYK"):
        try:
            made = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            made = None
        if made is not None:
            return made
    return image.convert("RGB")


def members(data: bytes) -> list[bytes]:
    """The files of an archive, counted as they come out and not as it says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            if len(listed) > MEMBERS:
                raise Refused("many")
            answer, left = [b"Z"], TOTAL_BYTES
            for one in listed:
                if one.flag_bits & 1:
                    raise Refused("locked")
                if one.file_size > max(SMALL_BYTES, RATIO * one.compress_size):
                    raise Refused("bomb")
                if one.external_attr >> 16 & 0o170000 == 0o120000:  # a symbolic link
                    raise Refused("names")
                name = one.filename.encode()[:2000]
                with archive.open(one) as file:
                    body = file.read(min(MEMBER_BYTES, left) + 1)
                left -= len(body)
                if left < 0 or len(body) > MEMBER_BYTES:
                    raise Refused("heavy" if left < 0 else "large")
                answer += [MEMBER.pack(len(name), len(body)), name, body]
            return answer
    except (Refused, MemoryError):
        raise
    except Exception:
        raise Refused("archive") from None


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
