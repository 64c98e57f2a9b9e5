from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm

from kairos.dependencies import StoreDep
from kairos.models import Tokens
from kairos.security import create_token, decode_token, verify_password

router = APIRouter(prefix="/auth", tags=["authentication"])


@router.post("/login", include_in_schema=False)
@router.post("/token")
def login(store: StoreDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Tokens:
    user = store.user_by_email(form.username)
    if user is None or user.id is None or not verify_password(form.password, user.password):
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    return Tokens(
        access_token=create_token(user.id, "access"), refresh_token=create_token(user.id, "refresh")
    )


@router.post("/refresh")
async def refresh(refresh_token: str) -> Tokens:
    try:
        subject = decode_token(refresh_token, scope="refresh")
    except jwt.ExpiredSignatureError:
        raise HTTPException(status_code=401, detail="Refresh token has expired") from None
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=403, detail="Invalid refresh token") from None
    return Tokens(access_token=create_token(subject, "access"), refresh_token=refresh_token)
