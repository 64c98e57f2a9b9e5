import jwt
from fastapi import APIRouter, HTTPException

from kairos.dependencies import CurrentUser, StoreDep
from kairos.models import Journey, Message, User
from kairos.security import decode_token, hash_password
from kairos.store import Store, new_id

router = APIRouter(prefix="/users", tags=["users"])


def _find(store: Store, user_id: str) -> User:
    if user_id not in store.users:
        raise HTTPException(status_code=404, detail="User not found")
    return store.users[user_id]


def _by_token(store: Store, token: str, scope: str) -> User:
    try:
        user = store.user_by_email(decode_token(token, scope=scope))
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=400, detail=str(error)) from None
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user


@router.post("/register", status_code=201)
def register_user(store: StoreDep, user: User) -> Message:
    if store.user_by_email(user.email) is not None:
        raise HTTPException(status_code=400, detail="Email already registered")
    user.id = new_id()
    user.password = hash_password(user.password)
    store.users[user.id] = user
    return Message(message="User registered")


@router.get("/verify-email")
async def verify_email(store: StoreDep, token: str) -> Message:
    _by_token(store, token, "email_verification").is_verified = True
    return Message(message="Email verified")


@router.post("/reset-password")
async def reset_password(store: StoreDep, email: str) -> None:
    """Says nothing about whether the address is known; nothing is sent."""


@router.post("/update-password")
def update_password(store: StoreDep, token: str, new_password: str) -> None:
    _by_token(store, token, "password_reset").password = hash_password(new_password)


@router.get("/me")
async def get_me(user: CurrentUser) -> User:
    return user


@router.get("/{user_id}")
async def get_user(store: StoreDep, _: CurrentUser, user_id: str) -> User:
    return _find(store, user_id)


@router.put("/{user_id}")
def update_user(store: StoreDep, _: CurrentUser, user_id: str, user: User) -> User:
    known = _find(store, user_id)
    known.email, known.username = user.email, user.username
    return known


@router.delete("/{user_id}")
async def delete_user(store: StoreDep, _: CurrentUser, user_id: str) -> None:
    store.users.pop(user_id, None)


@router.get("/{user_id}/journeys")
async def get_user_journeys(store: StoreDep, _: CurrentUser, user_id: str) -> list[Journey]:
    return [journey for journey in store.journeys.values() if journey.user_id == user_id]


@router.get("/{user_id}/journeys/active")
async def get_active_journey(store: StoreDep, _: CurrentUser, user_id: str) -> Journey:
    for journey in store.journeys.values():
        if journey.user_id == user_id and journey.active:
            return journey
    raise HTTPException(status_code=404, detail="No active journey")
