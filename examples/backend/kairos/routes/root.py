from fastapi import APIRouter

from kairos.dependencies import StoreDep
from kairos.models import Message

router = APIRouter(tags=["root"])


@router.get("/")
async def read_root() -> Message:
    return Message(message="Hello from Kairos")


@router.get("/mongodb")
async def check_store(store: StoreDep) -> Message:
    return Message(message=f"The store holds {len(store.users)} users")
