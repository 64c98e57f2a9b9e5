"""CloudFront: resources of a distribution that cannot be deleted, and invalid references."""

from __future__ import annotations

import re
from typing import Any

from emulator.refusals.row import Asked, Facts, Row


def _texts(xml: str, tag: str) -> list[str]:
    """The texts of all elements with a name."""
    return re.findall(rf"<(?:\w+:)?{tag}>([^<]+)</", xml)


def _distributions() -> list[dict[str, Any]]:
    from ministack.services import cloudfront

    return list(cloudfront._distributions.values())


def _function_of_a_distribution(asked: Asked) -> Facts | None:
    from ministack.services import cloudfront

    name = asked.labels["Name"]
    known = cloudfront._functions.get(name)
    running = [_texts(one["config_xml"], "FunctionARN") for one in _distributions()]
    count = sum(known["arn"] in arns for arns in running) if known else 0
    return {"name": name, "count": count} if count else None


def _policy_of_a_distribution(asked: Asked) -> Facts | None:
    """MiniStack has the code for it, but reads the wrong member of the distribution."""
    used = [_texts(one["config_xml"], "ResponseHeadersPolicyId") for one in _distributions()]
    return {} if any(asked.labels["Id"] in policies for policies in used) else None


def _unpublished_function(asked: Asked) -> Facts | None:
    from ministack.services import cloudfront

    live = {known["arn"] for known in cloudfront._functions.values() if known["live_etag"]}
    missing = [arn for arn in _texts(asked.text, "FunctionARN") if arn not in live]
    return {"arn": missing[0]} if missing else None


def _wrong_acl(asked: Asked) -> Facts | None:
    from ministack.services import waf

    for arn in _texts(asked.text, "WebACLId"):
        known = waf._web_acls.get_scoped(asked.account, "us-east-1", arn.rpartition("/")[2])
        if known is None or known["ARN"] != arn or ":global/webacl/" not in arn:
            return {"arn": arn}
    return None


def _certificate(asked: Asked) -> tuple[str | None, dict[str, Any] | None]:
    """The ARN of the distribution's certificate and the certificate, which must be in us-east-1."""
    from ministack.services import acm

    arn = next(iter(_texts(asked.text, "ACMCertificateArn")), None)
    return arn, acm._certificates.get_scoped(asked.account, "us-east-1", arn) if arn else None


def _absent_certificate(asked: Asked) -> Facts | None:
    arn, known = _certificate(asked)
    return {} if arn and (known is None or known["Status"] != "ISSUED") else None


def _uncovered_name(asked: Asked) -> Facts | None:
    names = _texts(asked.text, "CNAME")
    arn, known = _certificate(asked)
    if not names or (arn is not None and known is None):
        return None
    covering = {known["DomainName"], *known.get("SubjectAlternativeNames", [])} if known else set()
    uncovered = [name for name in names if not covering & {name, f"*.{name.partition('.')[2]}"}]
    return {} if uncovered else None


def _taken_name(asked: Asked) -> Facts | None:
    names = set(_texts(asked.text, "CNAME"))
    others = [one for one in _distributions() if one["Id"] != asked.labels.get("Id")]
    again = _texts(asked.text, "CallerReference")
    taken = any(
        names & set(_texts(one["config_xml"], "CNAME"))
        for one in others
        if one.get("CallerReference") not in again
    )
    return {} if taken else None


_PUTS = ("CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution")

ROWS = (
    Row(
        name="cloudfront-function-of-a-distribution",
        service="cloudfront",
        actions=("DeleteFunction",),
        when="a distribution uses the function",
        code="FunctionInUse",
        status=409,
        message="Cannot delete function {name}, it is in use by {count} distributions",
        source="https://github.com/anomalyco/ion/issues/443",
        refuses=_function_of_a_distribution,
    ),
    Row(
        name="cloudfront-headers-policy-of-a-distribution",
        service="cloudfront",
        actions=("DeleteResponseHeadersPolicy",),
        when="a distribution uses the policy",
        code="ResponseHeadersPolicyInUse",
        status=409,
        message="The specified response headers policy is currently associated with a cache behavior. Please disassociate the policy before deleting.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/21730, the message is that of a cache policy in https://github.com/anomalyco/ion/issues/443",
        refuses=_policy_of_a_distribution,
    ),
    Row(
        name="cloudfront-distribution-enabled",
        service="cloudfront",
        actions=("DeleteDistribution",),
        when="the distribution is enabled",
        code="DistributionNotDisabled",
        status=409,
        message="The distribution you are trying to delete has not been disabled.",
        source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html",
    ),
    Row(
        name="cloudfront-stale-etag",
        service="cloudfront",
        actions=("UpdateDistribution", "DeleteDistribution", "DeleteFunction"),
        when="the resource was changed after the ETag was read",
        code="PreconditionFailed",
        status=412,
        message="The precondition given in one or more of the request-header fields evaluated to false.",
        source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html",
    ),
    Row(
        name="cloudfront-function-not-live",
        service="cloudfront",
        actions=_PUTS,
        when="an associated function is not published",
        code="InvalidFunctionAssociation",
        message="The function {arn} does not exist or is not in the LIVE stage.",
        source="unsure: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/publish-function.html "
        "has the rule, API_CreateDistribution.html has the code, the message is not AWS's",
        refuses=_unpublished_function,
    ),
    Row(
        name="cloudfront-wrong-web-acl",
        service="cloudfront",
        actions=_PUTS,
        when="the web ACL does not exist, or its scope is not CLOUDFRONT",
        code="InvalidWebACLId",
        message="The web ACL {arn} does not exist or is not of the scope CLOUDFRONT.",
        source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html, "
        "the message is not AWS's",
        refuses=_wrong_acl,
    ),
    Row(
        name="cloudfront-certificate-absent",
        service="cloudfront",
        actions=_PUTS,
        when="the certificate is not issued, or not in us-east-1",
        code="InvalidViewerCertificate",
        message="The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't "
        "include a valid certificate chain.",
        source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
        refuses=_absent_certificate,
    ),
    Row(
        name="cloudfront-name-not-covered",
        service="cloudfront",
        actions=_PUTS,
        when="the certificate does not cover an alternate domain name",
        code="InvalidViewerCertificate",
        message="The certificate that is attached to your distribution doesn't cover the alternate domain name "
        "(CNAME) that you're trying to add.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/13828",
        refuses=_uncovered_name,
    ),
    Row(
        name="cloudfront-name-taken",
        service="cloudfront",
        actions=_PUTS,
        when="another distribution has the alternate domain name",
        code="CNAMEAlreadyExists",
        status=409,
        message="One or more of the CNAMEs you provided are already associated with a different resource.",
        source="https://github.com/aws-amplify/amplify-hosting/issues/2370",
        refuses=_taken_name,
    ),
)
