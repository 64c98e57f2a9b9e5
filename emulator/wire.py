"""The interface between a correction and MiniStack: plain requests and responses, as AWS documents them.

A correction wraps the handler of its service and sees what an SDK sends and receives. So it only depends on
the AWS API, and not on MiniStack's internals.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import AccountRegionScopedDict

from emulator import trial

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@dataclass(frozen=True)
class Request:
    """One request to one service, after MiniStack has authenticated and routed it."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names are lower-case."""
    body: bytes
    query: Mapping[str, list[str]] = field(default_factory=dict)

    @cached_property
    def action(self) -> str:
        """The operation's name in the JSON, Query and CBOR protocols; empty in the REST ones."""
        if target := self.headers.get("x-amz-target", ""):
            return target.rpartition(".")[2]
        if "/operation/" in self.path:
            return self.path.rpartition("/")[2]
        return self.form.get("Action", "")

    @cached_property
    def form(self) -> dict[str, str]:
        """The parameters of a Query request."""
        fields = dict(self.query)
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            fields |= parse_qs(self.body.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items() if values}

    @cached_property
    def json(self) -> dict[str, Any]:
        """The members of a JSON request; none if there is no body or it is not an object."""
        try:
            members = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return members if isinstance(members, dict) else {}

    def ask(self, action: str, members: Mapping[str, Any]) -> Request:
        """The same caller and service with another operation, in the JSON protocol."""
        prefix = self.headers.get("x-amz-target", "").rpartition(".")[0]
        headers = {**self.headers, "x-amz-target": f"{prefix}.{action}"}
        return replace(self, headers=headers, body=json.dumps(members).encode())


Handler = Callable[[Request], Awaitable[Answer]]
Wrapper = Callable[[Request, Handler], Awaitable[Answer]]


def wrap(app: ModuleType, service: str, wrapper: Wrapper) -> None:
    """Put `wrapper(request, inner)` before a service; `inner` is the current handler."""
    if trial.leaves_out_function(wrapper):
        return
    inside = app.SERVICE_HANDLERS[service]

    async def inner(request: Request) -> Answer:
        status, headers, body = await inside(
            request.method, request.path, request.headers, request.body, request.query
        )
        return status, headers, body

    async def handler(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        return await wrapper(Request(method, path, headers, body, query), inner)

    app.SERVICE_HANDLERS[service] = handler


async def ask(app: ModuleType, service: str, target: str, members: Mapping[str, Any]) -> Answer:
    """Call a service in the JSON protocol, as the service that received the request, and so without IAM.

    `target` is the value of X-Amz-Target.
    """
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
    status, headers, body = await app.SERVICE_HANDLERS[service](
        "POST", "/", headers, json.dumps(members).encode(), {}
    )
    return status, headers, body


def json_answer(members: Mapping[str, Any], status: int = 200) -> Answer:
    """A response of the JSON protocols."""
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(members).encode()


def error(code: str, message: str, status: int = 400) -> Answer:
    """An error of the JSON protocols, with AWS's code and message."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}
    return status, headers, json.dumps({"__type": code, "message": message}).encode()


def succeeded(answer: Answer) -> bool:
    """Whether the response is not an error."""
    return answer[0] < 300


def members_of(answer: Answer) -> Any:
    """The content of a JSON response; an empty object if it has no body."""
    return json.loads(answer[2]) if answer[2] else {}


def with_members(answer: Answer, members: Any) -> Answer:
    """The same response with another JSON body."""
    headers = {name: value for name, value in answer[1].items() if name.lower() != "content-length"}
    return answer[0], headers, json.dumps(members).encode()


class _Stores:
    """The data of the corrections, as a MiniStack module, so that a reset of the cloud deletes it too."""

    def __init__(self) -> None:
        self.all: list[AccountRegionScopedDict] = []

    def reset(self) -> None:
        for kept in self.all:
            kept.clear()

    def get_state(self) -> None:
        return None


_STORES = _Stores()


def store() -> AccountRegionScopedDict:
    """A dict of the request's account and region, emptied with the whole cloud by `/_ministack/reset`."""
    kept = AccountRegionScopedDict()
    _STORES.all.append(kept)
    return kept


def register_stores(app: ModuleType) -> None:
    """Make the stores part of MiniStack's reset."""
    app._loaded_modules["kairos"] = _STORES
    app.SERVICE_REGISTRY["kairos"] = {"module": "kairos"}
