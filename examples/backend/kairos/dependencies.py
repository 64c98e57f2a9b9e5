"""What routes ask for."""

from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

from kairos.models import User
from kairos.security import decode_token
from kairos.settings import settings
from kairos.store import Store

bearer = OAuth2PasswordBearer(tokenUrl=f"{settings.API_V1_STR}/auth/token")


def get_store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


StoreDep = Annotated[Store, Depends(get_store)]


def get_current_user(store: StoreDep, token: Annotated[str, Depends(bearer)]) -> User:
    try:
        user = store.users.get(decode_token(token, scope="access"))
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=403, detail="Could not validate credentials") from None
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
