"""The native client of awslambdaric, based on http.client, for platforms without a wheel.

awslambdaric imports a module with this name and calls these four functions.
"""

import os
from http.client import HTTPConnection

_BASE = "/2018-06-01/runtime/invocation"
_connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
_agent = ""


def initialize_client(user_agent):  # noqa: ANN001, ANN201 - the signatures are awslambdaric's
    global _agent
    _agent = user_agent


def next():  # noqa: ANN201
    _connection.request("GET", f"{_BASE}/next", headers={"User-Agent": _agent})
    answer = _connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"Failed to get next, status {answer.status}")
    return body, dict(answer.headers.items())


def post_invocation_result(request_id, body, content_type, invocation_id=None):  # noqa: ANN001, ANN201
    _post(f"{_BASE}/{request_id}/response", body, {"Content-Type": content_type})


def post_error(request_id, body, xray_cause, invocation_id=None):  # noqa: ANN001, ANN201
    headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Xray-Error-Cause": xray_cause}
    _post(f"{_BASE}/{request_id}/error", body, headers)


def _post(path, body, headers):  # noqa: ANN001, ANN202
    data = body.encode() if isinstance(body, str) else body
    _connection.request("POST", path, data, {"User-Agent": _agent, **headers})
    answer = _connection.getresponse()
    answer.read()
    if answer.status != 202:
        raise RuntimeError(f"Failed to post the result, status {answer.status}")
