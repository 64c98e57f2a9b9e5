"""Names that are too long or have characters that AWS refuses."""

from __future__ import annotations

import re

from emulator.refusals.row import Asked, Facts, Predicate, Row

_TOO_LONG = (
    "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
    "Member must have length less than or equal to {most}"
)
_WRONG = (
    "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: {pattern}"
)


def _longer(member: str, most: int) -> Predicate:
    def longer(asked: Asked) -> Facts | None:
        value = asked.members.get(member) or ""
        if len(value) <= most:
            return None
        return {"value": value, "member": member[0].lower() + member[1:], "most": most}

    return longer


def _other(member: str, pattern: str) -> Predicate:
    allowed = re.compile(pattern)

    def other(asked: Asked) -> Facts | None:
        value = asked.members.get(member)
        if not value or allowed.fullmatch(value):
            return None
        return {"value": value, "member": member[0].lower() + member[1:], "pattern": pattern}

    return other


def _element(pattern: str) -> Predicate:
    """The name of a CloudFront function, in XML."""

    def element(asked: Asked) -> Facts | None:
        found = re.search(r"<(?:\w+:)?Name>([^<]*)</", asked.text)
        return {} if found and not re.fullmatch(pattern, found[1]) else None

    return element


_FUNCTION = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"
_IAM = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
_POLICY = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html"
_GROUP = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
_SET = (
    "https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html has the rule; code and message are those "
    "of a description in https://github.com/KensioSoftware/yulin/issues/1058"
)
_CREATES = ("CreateWebACL", "CreateIPSet", "CreateRuleGroup", "CreateRegexPatternSet")

ROWS = (
    Row(
        name="name-of-a-function-over-140",
        service="lambda",
        actions=("CreateFunction",),
        when="the name has more than 140 characters",
        code="ValidationException",
        message=_TOO_LONG,
        source=_FUNCTION,
        refuses=_longer("FunctionName", 140),
    ),
    Row(
        name="name-of-a-function-over-64",
        service="lambda",
        actions=("CreateFunction",),
        when="the name has more than 64 characters",
        code="InvalidParameterValueException",
        message=_TOO_LONG,
        source=_FUNCTION,
        refuses=_longer("FunctionName", 64),
    ),
    Row(
        name="name-of-a-function-characters",
        service="lambda",
        actions=("CreateFunction",),
        when="the name has characters other than letters, digits, - and _",
        code="ValidationException",
        message=_WRONG,
        source=_FUNCTION,
        refuses=_other("FunctionName", r"(arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:)?[a-zA-Z0-9-_.:$]+"),
    ),
    Row(
        name="name-of-an-alias",
        service="lambda",
        actions=("CreateAlias",),
        when="the name is a number, or has characters other than letters, digits, - and _",
        code="ValidationException",
        message=_WRONG,
        source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html",
        refuses=_other("Name", r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)"),
    ),
    Row(
        name="name-of-a-role-length",
        service="iam",
        actions=("CreateRole",),
        when="the name has more than 64 characters",
        code="ValidationError",
        message=_TOO_LONG,
        source=_IAM,
        refuses=_longer("RoleName", 64),
    ),
    Row(
        name="name-of-a-role-characters",
        service="iam",
        actions=("CreateRole",),
        when="the name has characters other than letters, digits and _+=,.@-",
        code="ValidationError",
        message="The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the "
        "following: +=,.@_-",
        source=_IAM,
        refuses=_other("RoleName", r"[\w+=,.@-]+"),
    ),
    Row(
        name="name-of-a-policy-length",
        service="iam",
        actions=("CreatePolicy", "PutRolePolicy"),
        when="the name has more than 128 characters",
        code="ValidationError",
        message=_TOO_LONG,
        source=_POLICY,
        refuses=_longer("PolicyName", 128),
    ),
    Row(
        name="name-of-a-log-group-length",
        service="logs",
        actions=("CreateLogGroup",),
        when="the name has more than 512 characters",
        code="InvalidParameterException",
        message=_TOO_LONG,
        source=_GROUP,
        refuses=_longer("logGroupName", 512),
    ),
    Row(
        name="name-of-a-log-group-characters",
        service="logs",
        actions=("CreateLogGroup",),
        when="the name has characters other than letters, digits and _-/.#",
        code="InvalidParameterException",
        message=_WRONG,
        source=_GROUP,
        refuses=_other("logGroupName", r"[\.\-_/#A-Za-z0-9]+"),
    ),
    Row(
        name="name-of-a-repository",
        service="ecr",
        actions=("CreateRepository",),
        when="the name has characters other than lowercase letters, digits and ._-/, or a length other than 2 to 256",
        code="InvalidParameterException",
        message="Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression "
        "'{pattern}''",
        source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
        refuses=_other(
            "repositoryName",
            r"(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
        ),
    ),
    Row(
        name="name-of-a-key-alias",
        service="kms",
        actions=("CreateAlias",),
        when="the alias has characters other than letters, digits and :/_-",
        code="ValidationException",
        message=_WRONG,
        source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
        refuses=_other("AliasName", r"[a-zA-Z0-9:/_-]+"),
    ),
    Row(
        name="name-of-a-parameter",
        service="ssm",
        actions=("PutParameter",),
        when="the name has characters other than letters, digits and .-_/",
        code="ValidationException",
        message="Parameter name must be a fully qualified name. If formed as a path, it can consist of sub-paths "
        "divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 "
        "symbols .-_",
        source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
        refuses=_other("Name", r"[a-zA-Z0-9_.\-/]+"),
    ),
    Row(
        name="name-of-a-firewall-part-characters",
        service="wafv2",
        actions=_CREATES,
        when="the name has characters other than letters, digits, - and _",
        code="ValidationException",
        message=_WRONG,
        source=_SET,
        refuses=_other("Name", r"^[\w\-]+$"),
    ),
    Row(
        name="name-of-a-firewall-part-length",
        service="wafv2",
        actions=_CREATES,
        when="the name has more than 128 characters",
        code="ValidationException",
        message=_TOO_LONG,
        source=_SET,
        refuses=_longer("Name", 128),
    ),
    Row(
        name="name-of-a-cloudfront-function",
        service="cloudfront",
        actions=("CreateFunction",),
        when="the name has characters other than letters, digits, - and _, or more than 64 characters",
        code="InvalidArgument",
        message="The function name must have 1 to 64 letters, digits, hyphens and underscores.",
        source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html, "
        "the message is not AWS's",
        refuses=_element(r"[a-zA-Z0-9_-]{1,64}"),
    ),
    Row(
        name="name-of-a-bucket",
        service="s3",
        actions=("CreateBucket",),
        when="the name has characters other than lowercase letters, digits, dots and hyphens",
        code="InvalidBucketName",
        message="The specified bucket is not valid.",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    ),
    Row(
        name="name-of-a-dashboard",
        service="monitoring",
        actions=("PutDashboard",),
        when="the name has characters other than letters, digits, - and _",
        code="InvalidParameterValue",
        message="The value {value} for field DashboardName contains invalid characters. It can only contain "
        "alphanumerics, dash (-) and underscore (_).",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
        refuses=_other("DashboardName", r"[A-Za-z0-9_-]+"),
    ),
)
