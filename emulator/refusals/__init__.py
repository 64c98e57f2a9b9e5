"""What AWS refuses and MiniStack accepts: one table, applied before a request reaches MiniStack.

A row contains the refused operation, the condition, the error code and message, and the source. The table
also contains rows that MiniStack itself refuses, so that `test_refusals.py` tests everything.
"""

from __future__ import annotations

import logging
from collections import Counter
from types import ModuleType

from emulator import seams, wire
from emulator.refusals import (
    acm,
    apigateway,
    cloudfront,
    cloudwatch,
    dashboards,
    ecr,
    firewall,
    function_aliases,
    function_concurrency,
    function_images,
    functions,
    iam,
    kms,
    logs,
    names,
    policy_documents,
    route53,
    s3,
    sns,
    ssm,
)
from emulator.refusals.answer import refusal
from emulator.refusals.operations import operation
from emulator.refusals.row import Asked, Row
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

TABLE: tuple[Row, ...] = (
    *names.ROWS,
    *apigateway.ROWS,
    *firewall.ROWS,
    *cloudfront.ROWS,
    *acm.ROWS,
    *logs.ROWS,
    *iam.ROWS,
    *policy_documents.ROWS,
    *kms.ROWS,
    *ecr.ROWS,
    *s3.ROWS,
    *functions.ROWS,
    *function_images.ROWS,
    *function_aliases.ROWS,
    *function_concurrency.ROWS,
    *ssm.ROWS,
    *cloudwatch.ROWS,
    *dashboards.ROWS,
    *sns.ROWS,
    *route53.ROWS,
)


logger = logging.getLogger("emulator.refusals")
_refused: Counter[str] = Counter()


def install(app: ModuleType, settings: Settings) -> None:
    """Apply the table before the corrections and MiniStack see a request.

    The provider retries some requests for half an hour without a message. So each refusal is logged, and the
    status counts them by the names of the rows.
    """
    seams.report("refusals", lambda: dict(_refused))
    for service in sorted({row.service for row in TABLE if row.refuses}):
        wire.wrap(app, service, _guard(service))


def _guard(service: str) -> wire.Wrapper:
    rows: dict[str, list[Row]] = {}
    for row in TABLE:
        for action in row.actions if row.service == service else ():
            rows.setdefault(action, []).append(row)

    async def guard(request: Request, inner: Handler) -> Answer:
        action, labels = operation(service, request)
        asked = Asked(request, action, labels)
        for row in rows.get(action, ()):
            facts = row.refuses(asked) if row.refuses else None
            if facts is not None:
                _refused[row.name] += 1
                logger.warning("%s %s is refused as on AWS: %s (%s)", service, action, row.when, row.source)
                return refusal(row, facts, request)
        return await inner(request)

    return guard
