"""`lockstitch witness`: hold somebody else's ledger to what it once said. Needs no instance."""

import signal
import threading
from pathlib import Path

import click

from guard.audit import Wrong, read_key
from guard.keys import KeyFileError
from guard.witness import Signer, Witness, make_server
from lockstitch.cli.output import say

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--log", "logs", type=FILE, multiple=True, required=True,
    help="A ledger.pub whose ledger to witness; may be repeated.",
)  # fmt: skip
@click.option("--key", type=FILE, required=True, help="This witness's key; made with --name.")
@click.option("--name", help="Of a new key: an address without scheme, w1.example.jp.")
@click.option("--listen", default="127.0.0.1:8430", show_default=True, metavar="HOST:PORT")
def witness(logs: tuple[Path, ...], key: Path, name: str | None, listen: str) -> None:
    """Cosigns the checkpoints of ledgers that have only grown (C2SP tlog-witness).

    Run it on another machine, better at another company. The last checkpoint of each ledger is kept
    beside the key: lose neither. The line it prints goes into the guard's LOCKSTITCH_WITNESSES.
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise click.ClickException("--listen HOST:PORT")
    try:
        signer = Signer.in_file(key, name)
        known = [read_key(path.read_text()) for path in logs]
        made = Witness(known, signer, key.with_name(f"{key.name}.state"))
        server = make_server(made, host, int(port))
    except (KeyFileError, Wrong, OSError) as error:
        raise click.ClickException(str(error)) from None
    stop = threading.Thread(target=server.shutdown)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.start())
    say(f"http://{host}:{server.server_address[1]}#{signer.vkey}")
    server.serve_forever(poll_interval=0.2)
