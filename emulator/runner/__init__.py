"""Runs the functions that are images: invocation -> version -> digest -> what was built for it."""

from __future__ import annotations

import asyncio
import json
import uuid
from types import ModuleType
from typing import Any

from emulator import seams, wire
from emulator.runner import incidents, kept_started, zip_functions
from emulator.runner.background import in_background
from emulator.runner.images import StagedBuilder
from emulator.runner.interpreter import cache_folder
from emulator.runner.pool import Runner
from emulator.runner.task import new_tasks
from emulator.runner.trace import new_trace
from emulator.runner.version import Invocation, Outcome, Version
from emulator.runner.watcher import Watcher
from emulator.serving import metrics
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_REAP_EVERY = 15
"""Seconds."""


class Functions:
    """Every invocation of an image function, whatever called it."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._loop = asyncio.get_running_loop()
        self._reaper = in_background(self._reap())

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(_REAP_EVERY)
            await self.runner.reap()

    def reset_from_thread(self) -> None:
        """Terminate all environments soon."""
        asyncio.run_coroutine_threadsafe(self.runner.reset(), self._loop)

    async def replace_outdated(self) -> dict[str, int]:
        """On AWS an old environment keeps old secrets until its version is replaced. Here it can be
        terminated on request.
        """
        return {"replaced": await self.runner.replace_outdated()}

    async def close(self) -> None:
        self._reaper.cancel()
        await self.runner.close()

    async def invoke(self, version: Version, invocation: Invocation) -> Outcome:
        """Run one invocation and count it."""
        began = self._loop.time()
        outcome = await self.runner.invoke(version, invocation)
        running = self.runner.running(version) + 1
        metrics.invocation(version, invocation.arn, outcome, self._loop.time() - began, running)
        return outcome

    def invoke_from_thread(self, record: dict[str, Any], event: Any) -> dict[str, Any]:
        """The same for MiniStack, which invokes in threads and expects its own form of the result."""
        config = record.get("config") or record
        version = Version.of(config)
        invocation = Invocation(
            str(uuid.uuid4()), json.dumps(event).encode(), config["FunctionArn"], new_trace(version.traced)
        )
        outcome = asyncio.run_coroutine_threadsafe(self.invoke(version, invocation), self._loop).result()
        body = outcome.payload.decode("utf-8", "replace")
        if outcome.throttled:
            return {"throttle": True, "error": True, "body": json.loads(body), "log": ""}
        return {"body": body, "raw_payload": True, "error": outcome.failed, "log": ""}


async def invoke_other(record: dict[str, Any], event: Any) -> Outcome:
    """Run a function that is not an image in MiniStack's worker."""
    from ministack.core.concurrency import run_reentrant
    from ministack.services import lambda_svc

    result = await run_reentrant(lambda_svc._execute_function_with_config_scope, record, event)
    body = result.get("body")
    text = body if isinstance(body, str) and result.get("raw_payload") else json.dumps(body)
    return Outcome(text.encode(), failed=bool(result.get("error")), throttled=bool(result.get("throttle")))


_functions: Functions | None = None


def functions() -> Functions:
    """The runner of this server; None before the server starts."""
    assert _functions is not None
    return _functions


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import lambda_svc

    execute, reset = lambda_svc._execute_function, lambda_svc.reset

    def execute_function(record: dict[str, Any], event: Any) -> dict[str, Any]:
        """An image function runs here, however it was invoked. MiniStack needs Docker for it."""
        config = record.get("config") or record
        if config.get("PackageType") != "Image":
            return zip_functions.execute(execute, record, event)
        return functions().invoke_from_thread(record, event)

    def reset_functions() -> None:
        reset()
        if _functions is not None:
            _functions.reset_from_thread()

    lambda_svc._execute_function = execute_function
    # Counted with AWS's dimensions where it is executed, including invocations through the API.
    lambda_svc._emit_lambda_metrics = lambda *_, **__: None
    zip_functions.install(lambda_svc)
    lambda_svc.reset = reset_functions
    wire.wrap(app, "lambda", _prepare_what_was_made)
    kept_started.install(app, lambda: functions().runner)
    incidents.install()
    seams.act("environments", lambda: functions().replace_outdated())
    seams.on_start(lambda: _start(settings))
    seams.on_stop(_stop)


async def _start(settings: Settings) -> None:
    global _functions
    tasks = new_tasks()
    builder = StagedBuilder(settings.home, cache_folder(), tasks)
    _functions = Functions(Runner(builder, f"http://127.0.0.1:{settings.port}", Watcher(tasks)))


async def _stop() -> None:
    if _functions is not None:
        await _functions.close()


async def _prepare_what_was_made(request: Request, inner: Handler) -> Answer:
    """Installing a backend's packages takes longer than an API waits, so it begins when the function is
    created.
    """
    answer = await inner(request)
    if (
        request.method in ("POST", "PUT")
        and wire.succeeded(answer)
        and "ImageUri" in json.dumps(request.json)
    ):
        from ministack.services import lambda_svc

        name = json.loads(answer[2]).get("FunctionName")
        record = lambda_svc._functions.get(name)
        if record is not None and _functions is not None:
            in_background(_functions.runner.prepare(Version.of(record["config"])))
    return answer
