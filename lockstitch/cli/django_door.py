"""How a command enters Django."""

import os

import django

from lockstitch.cli.instance import Instance


def setup(instance: Instance, surface: str = "cli", role: str = "ls_owner") -> None:
    """Points Django at this instance and loads it; only the first call of a process counts.

    Afterwards queries and actions can be called, and the guard asked through its `cli.token`.
    """
    record = instance.existing()
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "lockstitch.settings",
            "SURFACE": surface,
            "LOCKSTITCH_DATA": str(instance.data),
            "LOCKSTITCH_DATABASE_URL": instance.cluster.url(role),
            "LOCKSTITCH_GUARD_SOCKET": str(instance.guard_socket),
            "LOCKSTITCH_PORT": str(record.port),
            "LOCKSTITCH_DEMO": "1" if record.kind == "demo" else "0",
        }
    )
    django.setup()
