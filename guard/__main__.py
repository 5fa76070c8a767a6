"""`python -m guard init | split | migrate | serve | verify | sign-files | watch-files`"""

import argparse
import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import psycopg

from guard.barred import bar, undumpable
from guard.checkpoints import ForkError
from guard.client import GuardClient
from guard.keys import BoxError, KeyFileError, Keys, make_files
from guard.schema import migrate
from guard.server import StartError, serve
from guard.settings import SettingsError, data_folder, database_url, read_settings, share_files
from guard.shares import combine, split
from guard.verify import verify
from guard.watch import manifest, refusing
from guard.watch.files import SWEEP_SECONDS, Sensor, Watched, paths_of
from guard.watch.manifest import ManifestError

SPLIT = """Give each to another person. Start the guard with two of them once, as
LOCKSTITCH_MASTER_SHARES=FILE,FILE, then destroy master.key: nothing else brings it back."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m guard", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("init", help="make the key files that are missing")
    splitting = verbs.add_parser("split", help="write master.key as three shares: any two open it")
    splitting.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    verbs.add_parser("migrate", help="bring schema guard up to date (LOCKSTITCH_OWNER_URL)")
    verbs.add_parser("serve", help="answer on the socket until SIGTERM")
    checking = verbs.add_parser("verify", help="recompute the whole ledger; exit code 1 if unsound")
    checking.add_argument("--json", action="store_true")
    verbs.add_parser("sign-files", help="sign the list of files below LOCKSTITCH_WATCHED")
    verbs.add_parser("watch-files", help="tell the guard what is not as it was signed")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="guard: %(message)s", stream=sys.stderr)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it counts every change aloud
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # its lines quote connection strings
    os.umask(0o077)
    try:
        return _run(asked)
    except (SettingsError, KeyFileError, StartError, ForkError, ManifestError) as error:
        return _complain(str(error))
    except BoxError:
        return _complain("master.key is not the one this database was filled with")
    except psycopg.Error as error:
        return _complain(f"database: {type(error).__name__}")


def _run(asked: argparse.Namespace) -> int:
    if asked.verb == "init":
        made = make_files(data_folder() / "guard", master=not share_files())
        _say(f"made {', '.join(made)}" if made else "all key files are there")
    elif asked.verb == "split":
        files = split(Keys(data_folder() / "guard").master, asked.into)
        _say("\n".join([*map(str, files), SPLIT]))
    elif asked.verb == "migrate":
        url = os.environ.get("LOCKSTITCH_OWNER_URL")
        if not url:
            raise SettingsError("LOCKSTITCH_OWNER_URL: the owner's database URL")
        _say(f"applied steps: {migrate(url) or 'none'}")
    elif asked.verb == "serve":
        begin()
        settings = read_settings()
        master = combine(settings.shares) if settings.shares else None
        asyncio.Runner().run(serve(settings, Keys(settings.folder, master)))
        os._exit(0)  # a thread may still wait for a mail server, and nothing is lost by not waiting
    elif asked.verb == "sign-files":
        folder = data_folder() / "guard"
        roots = paths_of(os.environ.get("LOCKSTITCH_WATCHED", ""))
        _say(f"signed {manifest.make(folder, roots, Keys(folder).signing)} files")
    elif asked.verb == "watch-files":
        _watch_files()
    else:
        return _verify(database_url(), data_folder(), as_json=asked.json)
    return 0


def _watch_files() -> None:
    """Has the guard's public key and its own pass, and no secret besides."""
    env, folder = os.environ, data_folder() / "guard"
    known = manifest.read(folder)
    media = paths_of(env.get("LOCKSTITCH_WATCHED_MEDIA", ""))
    watched = Watched(
        known.files, [Path(root) for root in known.roots], media[0] if media else None,
        paths_of(env.get("LOCKSTITCH_WATCHED_DECOYS", "")),
    )  # fmt: skip
    client = GuardClient(
        env.get("LOCKSTITCH_GUARD_SOCKET") or data_folder() / "run" / "guard.sock",
        env.get("LOCKSTITCH_SENSOR_TOKEN", ""),
    )
    seconds = float(env.get("LOCKSTITCH_SWEEP_SECONDS") or SWEEP_SECONDS)
    door = refusing.listening(env)
    _bar("files", egress=False)  # its own refusals it cannot hear
    sys.stderr.write("files ready\n")
    sys.stderr.flush()
    Sensor(watched, client, seconds, door).run()


def begin() -> None:
    """What the guard does before it reads a key."""
    undumpable()  # no plaintext in a core file, no keys for another process of this user
    _bar("guard", egress=True, listener=os.environ.get("LOCKSTITCH_REFUSALS", ""))


def _bar(name: str, *, egress: bool, listener: str = "") -> None:
    if not bar(name, egress=egress, listener=listener):
        logging.warning("no seccomp here: this process may start others")


def _verify(url: str, data: Path, *, as_json: bool) -> int:
    findings = verify(url, data / "guard")
    if as_json:
        _say(json.dumps({"sound": not findings, "findings": findings}))
    else:
        _say("\n".join(findings) or "the ledger is sound")
    return 1 if findings else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _complain(text: str) -> int:
    sys.stderr.write(f"guard: {text}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
