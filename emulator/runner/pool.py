"""The environments of all functions: warm ones for each version, new ones up to the function's
concurrency.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections import Counter, deque
from collections.abc import Callable

from emulator.runner import concurrency, credentials
from emulator.runner.background import in_background
from emulator.runner.environment import Environment
from emulator.runner.images import Builder
from emulator.runner.logs import LogStream, timestamp
from emulator.runner.making import UnusableBackend
from emulator.runner.secrets import secret_versions
from emulator.runner.version import Invocation, Outcome, Version
from emulator.runner.watcher import Watcher

logger = logging.getLogger("emulator.runner")

UNRESERVED = 10
"""How many invocations of a function without reserved concurrency run at the same time on this machine."""
WARM = 300
"""Seconds that an environment waits for its next invocation before it is terminated."""
STARTING = max(1, (os.cpu_count() or 1))
"""How many environments of a version start at the same time. More would only make each start slower."""

_Wanted = asyncio.Future["Environment | Outcome"]


class VersionPool:
    """The environments of one version."""

    def __init__(
        self, version: Version, start: Callable[[Version], asyncio.Future[Environment | Outcome]]
    ) -> None:
        self.version = version
        self._start = start
        self._idle: list[Environment] = []
        self._waiting: deque[_Wanted] = deque()
        self._starting = 0

    async def take(self) -> Environment | Outcome:
        """An environment that is free now or next, or why none can start."""
        while self._idle:
            environment = self._idle.pop()
            if environment.usable and environment.credentials.fresh():
                return environment
            in_background(environment.close())
        wanted: _Wanted = asyncio.get_running_loop().create_future()
        self._waiting.append(wanted)
        self._grow()
        try:
            return await wanted
        except asyncio.CancelledError:
            if wanted.done() and not wanted.cancelled() and isinstance(wanted.result(), Environment):
                self.give(wanted.result())
            raise

    def give(self, environment: Environment) -> None:
        """Return an environment after its invocation."""
        if not environment.usable or not environment.credentials.fresh():
            in_background(environment.close())
            self._grow()
        elif not self._hand_over(environment):
            self._idle.append(environment)

    def _hand_over(self, found: Environment | Outcome) -> bool:
        while self._waiting:
            wanted = self._waiting.popleft()
            if not wanted.done():
                wanted.set_result(found)
                return True
        return False

    def _grow(self) -> None:
        while self._starting < min(STARTING, sum(not wanted.done() for wanted in self._waiting)):
            self._starting += 1
            in_background(self._start_one())

    async def _start_one(self) -> None:
        try:
            found = await self._start(self.version)
        except Exception as problem:
            logger.exception("an environment of %s cannot start", self.version.arn)
            found = Outcome.failure("Runtime.Unknown", f"{type(problem).__name__}: {problem}")
        self._starting -= 1
        if isinstance(found, Environment):
            self.give(found)
        else:
            self._hand_over(found)
        self._grow()

    def idle_longer_than(self, seconds: float) -> list[Environment]:
        """Remove the environments that have waited too long."""
        now = time.monotonic()
        old = [env for env in self._idle if now - env.idle_since > seconds or not env.usable]
        self._idle = [env for env in self._idle if env not in old]
        return old


class Runner:
    """Runs invocations of image functions."""

    def __init__(self, builder: Builder, endpoint: str, watcher: Watcher) -> None:
        """`watcher` is closed with the runner."""
        self._builder = builder
        self._endpoint = endpoint
        self._pools: dict[Version, VersionPool] = {}
        self._running: Counter[tuple[str, str, str]] = Counter()
        self._all: set[Environment] = set()
        self._closed = False
        self._watcher = watcher

    def running(self, version: Version) -> int:
        """How many invocations of the function run now, in all its versions."""
        return self._running[_function(version)]

    async def invoke(self, version: Version, invocation: Invocation) -> Outcome:
        """Run one invocation: in a warm environment, in a new one, or not at all if there are too many."""
        if self._closed:
            return Outcome.failure("ServiceException", "the local cloud is being stopped")
        function = _function(version)
        if concurrency.reserved(version) is None and self._running[function] >= UNRESERVED:
            return _throttled(concurrency.Full(reserved=False))
        unit = concurrency.take(version)
        if isinstance(unit, concurrency.Full):
            return _throttled(unit)
        self._running[function] += 1
        try:
            pool = self._pools.setdefault(version, VersionPool(version, self._start))
            found = await pool.take()
            if isinstance(found, Outcome):
                return found
            # The function continues if its caller disconnects.
            return await asyncio.shield(in_background(self._run(pool, found, invocation)))
        finally:
            self._running[function] -= 1
            concurrency.give_back(unit)

    async def _run(self, pool: VersionPool, environment: Environment, invocation: Invocation) -> Outcome:
        try:
            return await environment.invoke(invocation)
        finally:
            pool.give(environment)

    async def _start(self, version: Version) -> Environment | Outcome:
        try:
            built = await self._builder.build(version)
            keys = credentials.assume(version)
        except (UnusableBackend, credentials.RoleError) as problem:
            kind = (
                "Runtime.InvalidEntrypoint"
                if isinstance(problem, UnusableBackend)
                else "AccessDeniedException"
            )
            logger.error("%s version %s cannot start: %s", version.function, version.number, problem)
            line = {"timestamp": timestamp(time.time()), "level": "ERROR", "message": str(problem)}
            LogStream(version).printed(time.time(), json.dumps(line))
            return Outcome.failure(kind, str(problem))
        if self._closed:
            return Outcome.failure("ServiceException", "the local cloud is being stopped")
        log = LogStream(version, writable=credentials.may_log(version, keys))
        environment = Environment(version, built, keys, log)
        self._all.add(environment)
        try:
            failure = await environment.start(self._endpoint, self._watcher)
        except OSError:
            await environment.close()
            raise
        if failure is None:
            return environment
        self._all.discard(environment)
        return failure

    async def prepare(self, version: Version) -> None:
        """Prepare what an environment of the version needs, before anybody waits for it."""
        try:
            await self._builder.build(version)
        except UnusableBackend as problem:
            logger.warning("%s version %s will not start: %s", version.function, version.number, problem)

    async def start(self, version: Version) -> Outcome | None:
        """Start an environment before it is invoked, and keep it warm; or say why it cannot start."""
        pool = self._pools.setdefault(version, VersionPool(version, self._start))
        found = await pool.take()
        if isinstance(found, Outcome):
            return found
        pool.give(found)
        return None

    async def reap(self, seconds: float = WARM) -> None:
        """Terminate the environments that have waited too long."""
        for pool in list(self._pools.values()):
            for environment in pool.idle_longer_than(seconds):
                await environment.close()
        self._all = {environment for environment in self._all if environment.usable}

    async def replace_outdated(self) -> int:
        """Terminate the environments whose secrets were changed since they started, and return how many there
        were.

        One that runs an invocation is terminated after it.
        """
        outdated = [
            environment
            for environment in self._all
            if environment.usable and environment.secrets != secret_versions(environment.version)
        ]
        for environment in outdated:
            environment.retire()
        await self.reap()
        return len(outdated)

    async def reset(self) -> None:
        """Terminate all environments, also those that are busy."""
        self._pools.clear()
        ending, self._all = self._all, set()
        for environment in ending:
            await environment.close()

    async def close(self) -> None:
        self._closed = True
        await self.reset()
        await asyncio.to_thread(self._watcher.close)


def _function(version: Version) -> tuple[str, str, str]:
    """Reserved concurrency belongs to the function, with all its versions."""
    return version.account, version.region, version.function


def _throttled(full: concurrency.Full) -> Outcome:
    reason = (
        "ReservedFunctionConcurrentInvocationLimitExceeded"
        if full.reserved
        else "ConcurrentInvocationLimitExceeded"
    )
    error = {"__type": "TooManyRequestsException", "message": "Rate Exceeded.", "Reason": reason}
    return Outcome(json.dumps(error).encode(), failed=True, throttled=True)
