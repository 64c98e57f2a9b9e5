"""A store in memory: every process has its own, and it is gone with the process."""

import secrets
from dataclasses import dataclass, field

from kairos.models import Journey, Marker, User

KNOWN_USER_ID = "5f0000000000000000000001"
# Of "correct horse battery staple". Not made here: it would be made in every cold start.
KNOWN_PASSWORD = (
    "scrypt$52337c7a1588aea852baf1b0ce4e5dcc$d5e88f1af6a36fcfb78bead64458d7"
    "978d6073c958712859a70dbaf72ee0fc205c17d9ef84d36b03621f1e3e2399ac44c4af0b5c1dcaab83821b6474fe43dff6"
)


def known_user() -> User:
    """The user that every process has, so that a login works in whichever one answers."""
    return User(
        id=KNOWN_USER_ID, email="ada@example.com", username="ada", password=KNOWN_PASSWORD, is_verified=True
    )


@dataclass
class Store:
    users: dict[str, User] = field(default_factory=lambda: {KNOWN_USER_ID: known_user()})
    journeys: dict[str, Journey] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)

    def user_by_email(self, email: str) -> User | None:
        return next((user for user in self.users.values() if user.email == email), None)

    def markers_of(self, journey_id: str) -> list[Marker]:
        return [marker for marker in self.markers.values() if marker.journey_id == journey_id]


def new_id() -> str:
    """An identifier that looks like the real backend's: 24 hexadecimal digits."""
    return secrets.token_hex(12)
