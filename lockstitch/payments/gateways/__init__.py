"""Payment providers behind one interface. Every call has a key, by which the provider knows a
repeated call from a new one; every answer is the provider's whole truth, never a part of it."""

from collections.abc import Callable

from lockstitch.payments.gateways.base import Declined as Declined
from lockstitch.payments.gateways.base import Gateway as Gateway
from lockstitch.payments.gateways.base import Transport as Transport
from lockstitch.payments.gateways.base import Unknown as Unknown
from lockstitch.payments.gateways.link import LinkGateway
from lockstitch.payments.gateways.stripe import StripeGateway
from lockstitch.sealed import providers

_MAKERS: dict[str, Callable[[Transport], Gateway]] = {"stripe": StripeGateway, "link": LinkGateway}


def gateway_of(provider: str, transport: Transport = providers.call) -> Gateway:
    """Raises Declined for a provider that there is none of."""
    if provider not in _MAKERS:
        raise Declined("no_such_provider")
    return _MAKERS[provider](transport)
