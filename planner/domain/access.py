"""Who acts, and the roles there are. What each may open stands in ``planner.web.policy``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class MembershipKind(StrEnum):
    """What a person is in a territory: works it, or answers for it and all below it."""

    MEMBER = "member"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person, as use cases see them. Their scope is looked up by date."""

    user_id: int
    role: Role

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_manager(self) -> bool:
        return self.role is Role.MANAGER
