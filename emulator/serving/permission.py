"""Whether an HTTP API may invoke a function: its resource-based policy decides.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

from typing import Any

DENIED = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions to call the "
    "integration. Check the permissions and try again."
)
"""The message in the access log."""


def may_invoke(record: dict[str, Any], function_arn: str, source_arn: str) -> bool:
    """Whether the function's policy allows API Gateway to invoke this ARN for this API and route."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

    region = function_arn.split(":")[3]
    source_account = source_arn.split(":")[4]
    context = EvalContext(
        principal_arn="",
        principal_type="Service",
        principal_account=source_account,
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=region,
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": source_account},
    )
    policy = record.get("policy") or {}
    return evaluate_resource_policy(policy, context, service="apigateway.amazonaws.com").decision == "Allow"


def route_arn(api_arn: str, stage: str, method: str, route_key: str) -> str:
    """The source ARN of a request: `<api>/<stage>/<method>/<path of the route>`."""
    _, _, path = route_key.partition(" ")
    return f"{api_arn}/{stage}/{method}{path}" if path else f"{api_arn}/{stage}/{route_key}"
