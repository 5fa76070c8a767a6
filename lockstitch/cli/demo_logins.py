"""Who may sign in to the demo, and where."""

import json
import secrets
from dataclasses import asdict, dataclass

import pyotp

from lockstitch.cli.instance import Instance, write_secret

NAMES = {
    "north": ("NORTH & NEEDLE", "ノース アンド ニードル"),
    "south": ("SOUTHPAW ATELIER", "サウスポー アトリエ"),
    "east": ("EASTERLY", "イースタリー"),
}


@dataclass(frozen=True)
class Logins:
    """Made anew for each demo, and kept 0600 beside its data: nobody can know them in advance."""

    password: str
    totp_secret: str
    owner: str = "owner@example.jp"
    orders: str = "orders@example.jp"
    staff: str = "staff@example.jp"
    member: str = "hanako@example.jp"


def logins(instance: Instance) -> Logins:
    path = instance.data / "keys" / "demo.json"
    made = Logins(secrets.token_urlsafe(9), pyotp.random_base32())
    write_secret(path, json.dumps(asdict(made)))
    return Logins(**json.loads(path.read_text()))


def describe(instance: Instance) -> list[tuple[str, str]]:
    """What `up` prints: where to go, and with which logins."""
    made = logins(instance)
    lines = [(NAMES[brand][0], instance.shop_url(f"{brand}.localhost")) for brand in NAMES]
    return [
        *lines,
        ("Console", instance.shop_url("console.localhost")),
        ("Mailbox", instance.desk_url("console.localhost") + "mailbox/"),
        ("Owner of the shops", f"{made.owner}  {made.password}"),
        ("Order desk of the first", f"{made.orders}  {made.password}"),
        ("Platform staff", f"{made.staff}  {made.password}"),
        ("Six-digit code", "bin/lockstitch demo code"),
        ("Member of the first", f"{made.member}  {made.password}"),
    ]
