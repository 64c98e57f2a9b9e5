"""Reads parameters from SSM: all pages, with time-outs, retries and one time budget for everything."""

import json
import re
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple

from start_up.failure import StartUpError
from start_up.signing import Credentials, sign

BUDGET = 5.0
"""How long all calls together may take, in seconds. An environment has 10 to start, including the imports."""
CONNECT_TIMEOUT = 1.0
READ_TIMEOUT = 2.0
FIRST_DELAY = 0.05
LONGEST_DELAY = 1.0

# http.client accepts more, and fails later. A label of a host name has at most 63 characters.
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>(?:[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>\d{1,5}))?)(?P<path>/[\w.~%!$&'()*+,;=:@/-]*)?",
    re.ASCII | re.IGNORECASE,
)
LAST_PORT = 65535

TRANSIENT_STATUSES = {408, 429}
# The errors that AWS's own library retries; a test compares them.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
TRANSIENT_CODES = {
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "InternalServerError",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}


class Parameter(NamedTuple):
    name: str
    """The last segment of the parameter's name, which is the name of the variable."""
    value: str

    def __repr__(self) -> str:
        return f"Parameter(name={self.name!r})"


class Refused(StartUpError):
    """The service answered, and would give the same answer again."""

    def __init__(self, code: str, key: str) -> None:
        super().__init__(f"the parameter store answered {code}")
        self.code = code
        self.key = key
        """The ARN of the key in the service's message; empty if there is none."""


class _Transient(Exception):
    """The next attempt may succeed."""


class Pages(NamedTuple):
    parameters: list[Parameter]
    calls: int


class ParameterStore:
    """One connection to SSM, and one time budget that begins now. The clock is a parameter for tests."""

    def __init__(
        self,
        endpoint: str,
        region: str,
        credentials: Credentials,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        address = ADDRESS.fullmatch(endpoint)
        if address is None or int(address["port"] or 0) > LAST_PORT:
            raise StartUpError(
                f"the endpoint of the parameter store is {endpoint!r}, not an http or https address"
            )
        self._host = address["authority"]
        self._path = address["path"] or "/"
        # By default an HTTPSConnection checks the certificate and its host name:
        # https://docs.python.org/3/library/http.client.html#http.client.HTTPSConnection
        kind = HTTPConnection if address["scheme"] == "http" else HTTPSConnection
        self._connection = kind(self._host)
        self._region = region
        self._credentials = credentials
        self._clock = clock
        self._sleep = sleep
        self._deadline = clock() + BUDGET
        self._last = "no answer"

    @property
    def remaining(self) -> float:
        """The rest of the budget, in seconds."""
        return self._deadline - self._clock()

    @property
    def silence(self) -> str:
        """The error message when the budget is used up."""
        return f"the parameter store at {self._host} gave no answer in {BUDGET:g} s; at last: {self._last}"

    def read(self, path: str, *, decrypt: bool = True) -> Pages:
        """Every parameter directly below a path.

        Raises Refused if the service denies it, TimeoutError if the budget is used up. A DNS lookup, and a
        response that arrives in small parts, have no time-out here. The caller limits them by the remaining
        time.
        """
        parameters: list[Parameter] = []
        token: str | None = None
        calls = 0
        try:
            # More pages may follow an empty page; only the token says so.
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
            if self.remaining <= 0:
                raise TimeoutError
            try:
                return self._attempt(request)
            except Refused as refusal:
                self._last = refusal.code
                raise
            except _Transient as error:
                self._last = str(error)
            except (OSError, HTTPException) as error:
                self._connection.close()
                self._last = type(error).__name__
            pause = delay * _jitter()
            if self.remaining <= pause:
                raise TimeoutError
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
        status, content = self._exchange(body, headers)
        answer = _decode(content)
        if status == 200 and answer is not None:
            return answer
        # In its longest form: `com.amazonaws.ssm#AccessDeniedException:http://…`.
        code = (
            str((answer or {}).get("__type", "")).rpartition("#")[2].partition(":")[0] or f"status {status}"
        )
        if status in {200, *TRANSIENT_STATUSES} or status >= 500 or code in TRANSIENT_CODES:
            raise _Transient(code)
        raise Refused(code, _key_in((answer or {}).get("message") or (answer or {}).get("Message")))

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and content of the response to one request. It uses the open connection, if there is one."""
        connection = self._connection
        if connection.sock is None:
            connection.timeout = self._bounded(CONNECT_TIMEOUT)
            connection.connect()
        connection.sock.settimeout(self._bounded(READ_TIMEOUT))
        connection.request("POST", self._path, body, headers)
        with connection.getresponse() as response:
            return response.status, response.read()

    def _bounded(self, limit: float) -> float:
        """The limit, but not more than the rest of the budget, in seconds. Zero would mean not to wait."""
        return max(min(limit, self.remaining), 0.001)


def _key_in(message: object) -> str:
    """The rest of the message is dropped: the caller logs only a code and a key."""
    found = (
        re.search(r"arn:aws[\w-]*:kms:[\w-]+:\d+:key/[\w-]+", message) if isinstance(message, str) else None
    )
    return found[0] if found else ""


def _decode(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _jitter() -> float:
    import random  # most starts need only one attempt

    return random.uniform(0.5, 1)
