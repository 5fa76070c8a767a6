"""The queue's worker: one process, started by `up`, stopped by SIGTERM after the job in hand."""

import asyncio
import contextlib
import os
import sys
from typing import cast

import click
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from lockstitch.cli.barring import bar_this
from lockstitch.files import scanning
from lockstitch.files.sandbox import sandbox

CONCURRENCY = 2
HEARTBEAT_S, STALLED_AFTER_S, LOOK_EVERY_S = 5.0, 15.0, 10.0
FINISH_WITHIN_S = 3.0  # the supervisor kills after four; a job cut off is done again


@click.command()
def worker() -> None:
    """Run the queue's jobs. `up` starts this, with its environment; by hand it is not needed."""
    if os.environ.get("SURFACE") != "worker":
        raise click.ClickException("the worker is started by bin/up, which sets its environment")
    begin()
    asyncio.run(_work())


def begin() -> None:
    """All before the first job. First what can not begin later: another process, the decoders', and
    code made in memory, the scanner's."""
    sandbox.start()
    scanning.marks(b"")
    bar_this()
    os.environ["DJANGO_SETTINGS_MODULE"] = "lockstitch.settings"
    import django

    django.setup()
    import lockstitch.wiring  # noqa: F401 - names the tasks
    from lockstitch.sealed.signals import start_beating

    start_beating()


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await _retry_stalled(working)
            retrying = asyncio.create_task(_keep_retrying(working))
            print("worker ready", file=sys.stderr, flush=True)
            try:
                await working.run_worker_async(
                    concurrency=CONCURRENCY, update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=STALLED_AFTER_S,
                    shutdown_graceful_timeout=FINISH_WITHIN_S,
                    delete_jobs="successful",
                )  # fmt: skip
            finally:
                retrying.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await retrying


async def _retry_stalled(app: App) -> None:
    """Jobs whose worker was killed are put back; each is safe to run twice."""
    manager = app.job_manager
    await manager.prune_stalled_workers(STALLED_AFTER_S)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        print(f"job {job.id} was cut off: trying it again", file=sys.stderr, flush=True)
        await manager.retry_job(job)


async def _keep_retrying(app: App) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        with contextlib.suppress(ConnectorException):  # the worker itself notices, and ends
            await _retry_stalled(app)
