"""The guard's parts, put together once, as every handler gets them."""

from dataclasses import dataclass

from guard.db import Pool
from guard.inbox import Inbox
from guard.keys import Keys
from guard.ledger import Ledger
from guard.own_keys import OwnKeys
from guard.passwords import Passwords
from guard.settings import Settings
from guard.site_keys import SiteKeys
from guard.storm import Storm
from guard.throttle import Throttle
from guard.vault import Vault


@dataclass(frozen=True)
class Core:
    settings: Settings
    keys: Keys
    pool: Pool
    ledger: Ledger
    own_keys: OwnKeys
    site_keys: SiteKeys
    vault: Vault
    inbox: Inbox
    passwords: Passwords
    throttle: Throttle
    storm: Storm


def make_core(settings: Settings, keys: Keys, pool: Pool) -> Core:
    ledger = Ledger(pool, [url for url, _ in settings.witnesses])
    own_keys, site_keys = OwnKeys(keys), SiteKeys(keys)
    throttle = Throttle(pool, own_keys)
    vault = Vault(site_keys)
    return Core(
        settings=settings, keys=keys, pool=pool, ledger=ledger, own_keys=own_keys,
        site_keys=site_keys, vault=vault, inbox=Inbox(pool, site_keys, vault, ledger),
        passwords=Passwords(), throttle=throttle, storm=Storm(pool, ledger, throttle),
    )  # fmt: skip
