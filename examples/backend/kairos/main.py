"""A stand-in for the Kairos backend: its routes, its lifespan and its handler."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mangum import Mangum
from starlette.middleware.cors import CORSMiddleware

from kairos.routes import auth, journeys, probe, root, users
from kairos.settings import settings
from kairos.store import Store

store = Store()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    print("Opening the store...")
    app.state.openings += 1
    app.state.store = store
    yield
    print("Closing the store...")


app = FastAPI(
    title=settings.PROJECT_NAME, openapi_url=f"{settings.API_V1_STR}/openapi.json", lifespan=lifespan
)
app.state.openings = 0
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.CORS_ORIGINS,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
for module in (root, auth, users, journeys, probe):
    app.include_router(module.router, prefix=settings.API_V1_STR)

handler = Mangum(app)
