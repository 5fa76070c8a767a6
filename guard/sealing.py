"""The night deposit's seal: HPKE to a site's public key, bound to what the record is.

The desk seals and cannot open. The binding goes into HPKE's `info`, so that a sealed record
moved to another site, record, kind or key does not open.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519

BUCKET_BYTES = 64  # the length of a sealed record tells only this coarsely how long a name is
_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64


class SealError(Exception):
    """The sealed record does not open: wrong key, wrong place, or damaged."""


class _Algorithm(NamedTuple):
    hpke: hpke.Suite
    generate: Callable[[], tuple[bytes, bytes]]
    public: Callable[[bytes], Any]
    private: Callable[[bytes], Any]


def _p256_generate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return public, private


def _p256_public(data: bytes) -> Any:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def _p256_private(data: bytes) -> Any:
    return serialization.load_der_private_key(data, password=None)


def _hybrid_generate() -> tuple[bytes, bytes]:
    lattice = mlkem.MLKEM768PrivateKey.generate()
    curve = x25519.X25519PrivateKey.generate()
    public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    return public, lattice.private_bytes_raw() + curve.private_bytes_raw()


def _hybrid_public(data: bytes) -> Any:
    lattice, curve = data[:_MLKEM_PUBLIC_BYTES], data[_MLKEM_PUBLIC_BYTES:]
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(lattice),
        x25519.X25519PublicKey.from_public_bytes(curve),
    )


def _hybrid_private(data: bytes) -> Any:
    seed, curve = data[:_MLKEM_SEED_BYTES], data[_MLKEM_SEED_BYTES:]
    return hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(seed),
        x25519.X25519PrivateKey.from_private_bytes(curve),
    )


SUITES: dict[int, _Algorithm] = {
    # 1: every part is on Japan's e-Government recommended list. 2: post-quantum hybrid.
    1: _Algorithm(
        hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
        _p256_generate, _p256_public, _p256_private,
    ),
    2: _Algorithm(
        hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
        _hybrid_generate, _hybrid_public, _hybrid_private,
    ),
}  # fmt: skip


def generate(suite: int) -> tuple[bytes, bytes]:
    """A new (public, private) key pair of this suite."""
    return SUITES[suite].generate()


def seal(
    public_key: bytes,
    suite: int,
    *,
    site_id: UUID,
    record_id: UUID,
    kind: str,
    key_id: UUID,
    fields: dict[str, str],
) -> bytes:
    """`fields` sealed so that only the guard can open them, and only as this record."""
    algorithm = SUITES[suite]
    info = _info(suite, site_id, record_id, kind, key_id)
    return algorithm.hpke.encrypt(pad(fields), algorithm.public(public_key), info)


def unseal(
    private_key: bytes,
    suite: int,
    sealed: bytes,
    *,
    site_id: UUID,
    record_id: UUID,
    kind: str,
    key_id: UUID,
) -> dict[str, str]:
    """What `seal` was given. SealError when anything of the binding differs."""
    algorithm = SUITES[suite]
    info = _info(suite, site_id, record_id, kind, key_id)
    try:
        return unpad(algorithm.hpke.decrypt(sealed, algorithm.private(private_key), info))
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise SealError("the seal does not open") from error


def pad(fields: dict[str, str]) -> bytes:
    """Length, msgpack body, zeros up to a whole number of buckets."""
    body = msgspec.msgpack.encode(fields)
    framed = len(body).to_bytes(4, "big") + body
    return framed + bytes(-len(framed) % BUCKET_BYTES)


def unpad(data: bytes) -> dict[str, str]:
    length = int.from_bytes(data[:4], "big")
    return msgspec.msgpack.decode(data[4 : 4 + length], type=dict[str, str])


def _info(suite: int, site_id: UUID, record_id: UUID, kind: str, key_id: UUID) -> bytes:
    if "|" in kind:
        raise ValueError("a kind is a plain word")
    return f"lockstitch.seal|{suite}|{site_id}|{record_id}|{kind}|{key_id}".encode()
