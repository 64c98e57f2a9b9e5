"""Reads parameters from SSM: all pages, with time-outs, retries and one budget for everything."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from start_up.failure import StartUpError
from start_up.signing import Credentials, sign

BUDGET = 5.0
"""How long all calls together may take, retries included, in seconds: an environment has 10 to start."""
CONNECT_TIMEOUT = 1.0
READ_TIMEOUT = 2.0
FIRST_DELAY = 0.05
LONGEST_DELAY = 1.0

# https://docs.aws.amazon.com/general/latest/gr/api-retries.html
TRANSIENT = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestTimeout",
}


@dataclass(frozen=True)
class Parameter:
    name: str
    """The last segment of the parameter's name: the variable that it sets."""
    value: str = field(repr=False)


class Refused(StartUpError):
    """The service answered, and will answer the same again."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the parameter store answered {code}")
        self.code = code


class _Transient(Exception):
    """The next attempt may succeed."""


@dataclass(frozen=True)
class Pages:
    parameters: list[Parameter]
    calls: int


class ParameterStore:
    """One connection to SSM. The clock is for tests."""

    def __init__(
        self,
        endpoint: str,
        region: str,
        credentials: Credentials,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StartUpError(
                f"the endpoint of the parameter store is {endpoint!r}, not an http or https address"
            )
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection: HTTPConnection = connect(parts.hostname, parts.port)
        self._host = parts.netloc
        self._path = parts.path or "/"
        self._region = region
        self._credentials = credentials
        self._clock = clock
        self._sleep = sleep
        self._deadline = float("inf")

    def read(self, path: str, *, decrypt: bool = True) -> Pages:
        """Every parameter right below a path.

        Raises Refused when the service denies it, StartUpError when it cannot be reached in time.
        """
        self._deadline = self._clock() + BUDGET
        parameters: list[Parameter] = []
        token: str | None = None
        calls = 0
        try:
            # An empty page may still be followed by others; only the token tells.
            while calls == 0 or token:
                page = self._call(
                    {"Path": path, "WithDecryption": decrypt, "MaxResults": 10}
                    | ({"NextToken": token} if token else {})
                )
                calls += 1
                parameters += [
                    Parameter(entry["Name"].rpartition("/")[2], entry["Value"])
                    for entry in page.get("Parameters", [])
                ]
                token = page.get("NextToken")
        finally:
            self._connection.close()
        return Pages(parameters, calls)

    def _call(self, request: Mapping[str, Any]) -> dict[str, Any]:
        delay = FIRST_DELAY
        while True:
            try:
                return self._attempt(request)
            except (_Transient, OSError, HTTPException) as error:
                self._connection.close()
                reason = str(error) if isinstance(error, _Transient) else type(error).__name__
            pause = delay * _jitter()
            if self._remaining() <= pause:
                raise StartUpError(
                    f"the parameter store at {self._host} gave no answer in {BUDGET:g} s; at last: {reason}"
                ) from None
            self._sleep(pause)
            delay = min(2 * delay, LONGEST_DELAY)

    def _attempt(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        headers = sign(
            {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParametersByPath"},
            host=self._host,
            path=self._path,
            body=body,
            region=self._region,
            service="ssm",
            credentials=self._credentials,
            now=time.time(),
        )
        connection = self._connection
        if connection.sock is None:
            connection.timeout = self._bounded(CONNECT_TIMEOUT)
            connection.connect()
        sock = connection.sock
        sock.settimeout(self._bounded(READ_TIMEOUT))
        connection.request("POST", self._path, body, headers)
        chunks = []
        with connection.getresponse() as response:
            # One read at a time: the time-out is one read's, and an answer may come in drips.
            while chunk := response.read1():
                chunks.append(chunk)
                sock.settimeout(self._bounded(READ_TIMEOUT))
        answer = _decode(b"".join(chunks))
        if response.status == 200 and answer is not None:
            return answer
        # `com.amazonaws.ssm#AccessDeniedException:http://…` in the widest form.
        code = (
            str((answer or {}).get("__type", "")).rpartition("#")[2].partition(":")[0]
            or f"status {response.status}"
        )
        if answer is None or response.status >= 500 or response.status == 429 or code in TRANSIENT:
            raise _Transient(code)
        raise Refused(code)

    def _remaining(self) -> float:
        return self._deadline - self._clock()

    def _bounded(self, limit: float) -> float:
        remaining = self._remaining()
        if remaining <= 0:
            raise TimeoutError
        return min(limit, remaining)


def _decode(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _jitter() -> float:
    import random  # most starts need no second attempt

    return random.uniform(0.5, 1)
