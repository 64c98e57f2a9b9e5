"""What the API takes and gives."""

from pydantic import BaseModel, Field


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"


class User(BaseModel):
    """A user. The answer carries the password's hash, as the real backend's does."""

    id: str | None = None
    email: str
    username: str
    password: str
    is_verified: bool = False


class Coordinates(BaseModel):
    type: str = "Point"
    coordinates: tuple[float, float]

    def is_near(self, other: "Coordinates") -> bool:
        """Whether two points lie within one degree of each other, in both directions."""
        return all(abs(a - b) <= 1 for a, b in zip(self.coordinates, other.coordinates, strict=True))


class Marker(BaseModel):
    id: str | None = None
    journey_id: str | None = None
    name: str = ""
    coordinates: Coordinates


class Journey(BaseModel):
    id: str | None = None
    user_id: str | None = None
    name: str
    description: str = ""
    active: bool = False
    completed: bool = False


class Message(BaseModel):
    message: str = Field(examples=["Hello from Kairos"])
