"""Root may not run PostgreSQL, and whoever runs it instead may not enter root's home.

Where the checkout or the data folder lies behind such a door, the programs are copied and the
cluster is made in /var/lib/lockstitch, with a link from where it belongs.
"""

import hashlib
import os
import pwd
import shutil
import stat
import sys
import sysconfig
import tempfile
from pathlib import Path

PLACE = Path("/var/lib/lockstitch")


def door(path: Path, account: pwd.struct_passwd) -> Path | None:
    """The first folder on the way to `path` that this account may not enter."""
    real = path.resolve()
    for folder in reversed([real, *real.parents]):
        if not folder.exists():
            return None
        about = folder.stat()
        own = about.st_uid == account.pw_uid
        if not about.st_mode & (stat.S_IXUSR if own else stat.S_IXOTH):
            return folder
    return None


def programs(found: Path, account: pwd.struct_passwd) -> Path:
    """`found`, or a copy of it within reach. It finds its libraries beside its package."""
    if door(found, account) is None:
        return found
    packages, version = found.parents[2], found.parent.name
    about = found.stat()
    digest = hashlib.sha256(f"{found}|{about.st_mtime_ns}".encode()).hexdigest()[:16]
    copy = PLACE / f"programs-{digest}"
    if not copy.exists():
        PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=PLACE))
        package = found.parents[1].name
        shutil.copytree(found.parent, making / package / version, symlinks=True)
        shutil.copytree(packages / f"{package}.libs", making / f"{package}.libs")
        making.chmod(0o755)
        try:
            making.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(making)
    return copy / found.parents[1].name / version / "bin"


def interpreter(account: pwd.struct_passwd) -> tuple[str, dict[str, str]]:
    """This Python, or a copy of it within reach with the same packages, and its environment."""
    base = Path(sys.base_prefix).resolve()
    if door(base, account) is None:
        return sys.executable, {}
    digest = hashlib.sha256(f"{base}|{sys.version}|{sys.prefix}".encode()).hexdigest()[:16]
    copy = PLACE / f"python-{digest}"
    if not copy.exists():
        PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=PLACE))
        left = shutil.ignore_patterns("test", "config-*", "idlelib", "site-packages", "share")
        shutil.copytree(base, making / "base", symlinks=True, ignore=left)
        name = Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
        (making / "venv" / name).parent.mkdir(parents=True)
        (making / "venv" / "bin").mkdir()
        (making / "venv" / name).symlink_to(Path(sysconfig.get_path("purelib")).resolve())
        program = Path("bin") / Path(sys.executable).resolve().name
        (making / "venv" / "bin" / "python").symlink_to(copy / "base" / program)
        (making / "venv" / "pyvenv.cfg").write_text(f"home = {copy / 'base' / 'bin'}\n")
        making.chmod(0o755)
        making.rename(copy)
    return str(copy / "venv" / "bin" / "python"), {"LD_LIBRARY_PATH": str(copy / "base" / "lib")}


def make_room(root: Path, account: pwd.struct_passwd) -> None:
    """Makes the cluster's folder: here, or behind a link where this is out of reach."""
    if root.exists():
        return
    root.parent.mkdir(parents=True, exist_ok=True)
    if door(root.parent, account) is None:
        root.mkdir(exist_ok=True)
        return
    PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    making = root.with_name(f"{root.name}.making")
    making.unlink(missing_ok=True)
    making.symlink_to(tempfile.mkdtemp(prefix="cluster-", dir=PLACE))
    os.rename(making, root)
