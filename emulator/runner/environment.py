"""One execution environment: a process of the Runtime Interface Client, its Runtime API and its log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from emulator.runner import incidents
from emulator.runner.credentials import Credentials
from emulator.runner.images import Built
from emulator.runner.launch import Launch, Wish
from emulator.runner.logs import LogStream
from emulator.runner.pipes import Frames, Lines, Pipe
from emulator.runner.runtime_api import Reply, RuntimeApi
from emulator.runner.secrets import secret_versions
from emulator.runner.version import Invocation, Outcome, Version
from emulator.runner.watcher import Watcher

logger = logging.getLogger("emulator.runner")

_QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

INIT_LIMIT = 10
"""Seconds of the init phase. If it takes longer, it is repeated once within the function's time-out.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""


MEMORY_EVERY = 0.25
"""Seconds between two checks of the memory during an invocation."""


class Environment:
    """Serves one invocation at a time, until it is closed or its process ends."""

    def __init__(self, version: Version, built: Built, credentials: Credentials, log: LogStream) -> None:
        self.version = version
        self.credentials = credentials
        self.idle_since = time.monotonic()
        self.secrets = secret_versions(version)
        self._retired = False
        self._built = built
        self._log = log
        self._api = RuntimeApi(self._freeze)
        self._watcher: Watcher | None = None
        self._launch: Launch | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ended: asyncio.Future[int] | None = None
        self._pipes: list[Pipe] = []
        self._tail: list[str] = []
        self._init_seconds: float | None = None
        self._spent = 0.0
        self._memory_seen = 0
        self._closing: asyncio.Task[None] | None = None

    @property
    def usable(self) -> bool:
        """Whether it can take an invocation."""
        running = self._ended is not None and not self._ended.done()
        return running and self._closing is None and not self._retired

    def retire(self) -> None:
        """Accept no invocation after the current one."""
        self._retired = True

    async def start(self, endpoint: str, watcher: Watcher) -> Outcome | None:
        """Start the process and wait until it asks for an invocation. Returns None, or the failure.

        `endpoint` is that of AWS's APIs; `watcher` ends the process with the server.
        """
        self._watcher = watcher
        self._log.init_started()
        began = time.monotonic()
        if await self._attempt(endpoint, INIT_LIMIT):
            self._init_seconds = time.monotonic() - began
        else:
            self._log.init_timed_out(INIT_LIMIT)
            words = f"the init phase took longer than {INIT_LIMIT} s and is started again, as on AWS"
            incidents.note(self.version, "initTimeout", words)
            await self._end()
            self._api = RuntimeApi(self._freeze)
            began = time.monotonic()
            await self._attempt(endpoint, self.version.timeout)
            # The first invocation has the remaining time, and no separate init phase.
            self._spent = time.monotonic() - began
        if self._api.ready.is_set():
            return None
        failure = self._init_failure()
        await self.close()
        return failure

    async def _attempt(self, endpoint: str, limit: float) -> bool:
        """Start the process. Returns whether it was ready, reported an error or ended within the limit, in
        seconds.
        """
        self._memory_seen = 0
        address = await self._api.start()
        output, frames = Pipe(Lines(self._printed)), Pipe(Frames(self._logged))
        self._pipes = [output, frames]
        try:
            self._launch = self._built.launcher.launch(
                Wish(
                    command=self._built.command,
                    variables=self._variables(address, endpoint),
                    memory=self.version.memory,
                    frames=frames.written,
                )
            )
            self._process = await asyncio.create_subprocess_exec(
                *self._launch.arguments,
                cwd=self._launch.folder,
                env=self._launch.variables,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output.written,
                stderr=output.written,
                pass_fds=self._launch.descriptors,
                start_new_session=True,
            )
        finally:
            for pipe in self._pipes:
                pipe.started()
        assert self._watcher is not None
        self._watcher.watch(self._process.pid, self._launch.ending)
        self._ended = asyncio.ensure_future(self._process.wait())
        ready = asyncio.ensure_future(self._api.ready.wait())
        waited = {ready, self._api.init_error, self._ended}
        done, _ = await asyncio.wait(waited, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        return bool(done)

    def _init_failure(self) -> Outcome:
        assert self._ended is not None
        if self._api.init_error.done():
            return Outcome(self._api.init_error.result(), failed=True)
        if self._ended.done():
            return Outcome.failure("Runtime.ExitError", f"Error: {_exit(self._ended.result())}")
        message = f"Error: Task timed out after {self.version.timeout:.2f} seconds"
        return Outcome.failure("Sandbox.Timedout", message)

    def _variables(self, address: str, endpoint: str) -> dict[str, str]:
        """The version's own variables and those that Lambda reserves, and none of this process.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
        """
        version = self.version
        reserved = {
            "_HANDLER": self._built.command[0] if self._built.command else "",
            "AWS_DEFAULT_REGION": version.region,
            "AWS_REGION": version.region,
            "AWS_LAMBDA_FUNCTION_NAME": version.function,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": version.number,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": version.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self._log.name,
            "AWS_LAMBDA_LOG_FORMAT": version.log_format,
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
            # Replaces AWS's own host names, which point to AWS.
            "AWS_ENDPOINT_URL": endpoint,
            **self.credentials.variables(),
        }
        if version.log_format == "JSON":
            # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
            reserved["AWS_LAMBDA_LOG_LEVEL"] = version.application_level
        return {**dict(version.variables), **reserved}

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Run one invocation. If anything goes wrong with the process, that is the result, and the process
        is closed.
        """
        assert self._ended is not None
        init, self._init_seconds = self._init_seconds, None
        limit, self._spent = self.version.timeout - self._spent, 0.0
        self._tail = []
        self._log.started(invocation.request_id)
        began = time.monotonic()
        # Assigned first: a client that asks in between would be frozen with its invocation.
        answering = self._api.give(invocation, limit)
        await self._thaw()
        await self._wait(answering, limit)
        over = self._memory() > self.version.memory
        if over:
            self._kill()
            await self._ended
            words = f"used {self._memory_seen} MB of {self.version.memory} MB and was ended, as on AWS"
            incidents.note(self.version, "outOfMemory", words)
        if answering.done() and not over:
            outcome, status = _outcome(answering.result())
            if self._api.refused:
                # The process is about to end, so the next invocation must not get it.
                self._closing = asyncio.ensure_future(self._end())
        else:
            answering.cancel()
            outcome, status = await self._broken(invocation)
        self._drain()
        if status == "timeout":
            self._log.timed_out(invocation.request_id)
        error = _error_type(outcome.payload) if outcome.failed else None
        seconds = self.version.timeout if status == "timeout" else time.monotonic() - began
        self._log.reported(invocation.request_id, seconds, init, self._memory(), status, error)
        self.idle_since = time.monotonic()
        tail = "\n".join(self._tail)
        return Outcome(outcome.payload, outcome.failed, log=tail)

    async def _wait(self, answering: asyncio.Future[Reply], limit: float) -> None:
        """Until there is a response, the process has ended, or the time in seconds or the memory is
        exceeded.
        """
        assert self._ended is not None
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            done, _ = await asyncio.wait(
                {answering, self._ended},
                timeout=min(left, MEMORY_EVERY),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if done or self._memory() > self.version.memory:
                return

    async def _broken(self, invocation: Invocation) -> tuple[Outcome, str]:
        """The process ended, or took too long."""
        assert self._ended is not None
        about = f"RequestId: {invocation.request_id} Error:"
        timed_out = not self._ended.done()
        self._kill()
        code = await self._ended
        self._closing = asyncio.ensure_future(self._end())
        if timed_out:
            message = f"{about} Task timed out after {self.version.timeout:.2f} seconds"
            return Outcome.failure("Sandbox.Timedout", message), "timeout"
        return Outcome.failure("Runtime.ExitError", f"{about} {_exit(code)}"), "error"

    def _printed(self, moment: float, message: str) -> None:
        self._tail.append(message)
        self._log.printed(moment, message)

    def _logged(self, moment: float, message: str) -> None:
        self._tail.append(message)
        self._log.logged(moment, message)

    def _drain(self) -> None:
        for pipe in self._pipes:
            pipe.drain()

    def _memory(self) -> int:
        """The most memory that the process has used so far, in MiB; 0 if the system does not report it."""
        if self._process is not None and sys.platform == "linux":
            with contextlib.suppress(OSError):  # it has ended
                status = Path(f"/proc/{self._process.pid}/status").read_text()
                found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
                self._memory_seen = int(found[0].split()[1]) // 1024 if found else self._memory_seen
        return self._memory_seen

    def _freeze(self) -> None:
        """The process waits for an invocation, and is frozen until there is one."""
        if self._launch is not None and self._process is not None and self._closing is None:
            self._launch.freezer.freeze(self._process.pid)

    async def _thaw(self) -> None:
        if self._launch is not None and self._process is not None:
            await self._launch.freezer.thaw(self._process.pid)

    def _kill(self) -> None:
        """End the process and all that it started, which are in its session."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # All of them have ended.
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._launch is not None and self._launch.ending:
            # Not awaited: an ended process can no longer be signalled.
            subprocess.Popen(self._launch.ending, start_new_session=True, **_QUIET)

    async def close(self) -> None:
        """End the process. May be called more than once."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._end())
        await asyncio.shield(self._closing)

    async def _end(self) -> None:
        """End the process, and its listeners."""
        self._kill()
        if self._ended is not None:
            await self._ended
        if self._watcher is not None and self._process is not None:
            self._watcher.forget(self._process.pid)
        self._drain()
        for pipe in self._pipes:
            pipe.close()
        await self._api.close()


def _outcome(reply: Reply) -> tuple[Outcome, str]:
    return Outcome(reply.payload, failed=reply.failed), "error" if reply.failed else "success"


def _error_type(payload: bytes) -> str | None:
    try:
        found = json.loads(payload)
    except ValueError:
        return None
    return found.get("errorType") if isinstance(found, dict) else None


def _exit(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    if code < 0:
        # The name in Go; macOS adds the number.
        name = (signal.strsignal(-code) or str(-code)).partition(":")[0].lower()
        return f"Runtime exited with error: signal: {name}"
    return f"Runtime exited with error: exit status {code}"
