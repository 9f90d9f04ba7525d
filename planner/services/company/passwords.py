"""Passwords with argon2id: 19 MiB, two passes, one lane (the OWASP floor). About 30 ms each.

Hash and compare outside of a writing transaction: others would wait for it.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from planner.domain.errors import Invalid

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The hash to store. Raises Invalid("password") for one that is too short or absurdly long."""
    if len(password) < SHORTEST:
        raise Invalid("password", "password_short", length=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password", "password_long", length=LONGEST)
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes the same time and is False."""
    try:
        _hasher.verify(password_hash or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")
