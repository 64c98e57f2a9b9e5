from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, Statement, allow

PARAMETERS = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
SECRET = "/kairos/prod/secrets/SECRET_KEY"
READ = allow(
    ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"],
    f"{PARAMETERS}/kairos/prod/*",
)
DENIED = "not authorized to perform"


@pytest.fixture
def key(cloud: Cloud) -> str:
    """The ARN of a key with an alias, which encrypts two secrets and a setting of production."""
    kms = cloud.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/kairos-prod", TargetKeyId=arn)
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name=SECRET, Value="old", Type="SecureString", KeyId="alias/kairos-prod")
    ssm.put_parameter(Name="/kairos/prod/secrets/MONGO_HOST", Value="db", Type="SecureString", KeyId=arn)
    ssm.put_parameter(Name="/kairos/prod/settings/ENVIRONMENT", Value="production", Type="String")
    ssm.put_parameter(Name="/kairos/dev/settings/ENVIRONMENT", Value="staging", Type="String")
    return arn


def _through_ssm(action: str, key: str, *, under: str = "/kairos/prod/*", service: str = "ssm") -> Statement:
    return allow(
        action,
        key,
        StringEquals={"kms:ViaService": f"{service}.{REGION}.amazonaws.com"},
        StringLike={"kms:EncryptionContext:PARAMETER_ARN": f"{PARAMETERS}{under}"},
    )


def _as(cloud: Cloud, *statements: Statement) -> Any:
    return cloud.client("ssm", keys=cloud.keys_of_role("function", *statements))


def _values(ssm: Any, path: str = "/kairos/prod/") -> dict[str, str]:
    found = ssm.get_parameters_by_path(Path=path, Recursive=True, WithDecryption=True)["Parameters"]
    return {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}


def test_a_role_with_both_permissions_reads_its_environment(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ, _through_ssm("kms:Decrypt", key))
    assert _values(ssm) == {"SECRET_KEY": "old", "MONGO_HOST": "db", "ENVIRONMENT": "production"}


@pytest.mark.parametrize("path", ["/kairos/dev/", "/kairos/", "/"])
def test_a_role_is_denied_another_path(cloud: Cloud, key: str, path: str) -> None:
    ssm = _as(cloud, READ, _through_ssm("kms:Decrypt", key))
    resource = f"{PARAMETERS}{path}"
    with pytest.raises(ClientError, match=f"ssm:GetParametersByPath on resource: {resource} because"):
        _values(ssm, path)


def test_a_path_without_its_slash_is_another_resource(cloud: Cloud, key: str) -> None:
    with pytest.raises(ClientError, match=DENIED):
        _values(_as(cloud, READ, _through_ssm("kms:Decrypt", key)), "/kairos/prod")


READS = {
    "get_parameter": {"Name": SECRET},
    "get_parameters": {"Names": [SECRET]},
    "get_parameters_by_path": {"Path": "/kairos/prod/secrets/"},
    "get_parameter_history": {"Name": SECRET},
}


@pytest.mark.parametrize("operation", READS)
def test_decryption_needs_the_key(cloud: Cloud, key: str, operation: str) -> None:
    read = getattr(_as(cloud, READ), operation)
    with pytest.raises(ClientError, match=f"AccessDeniedException.*kms:Decrypt on resource: {key} because"):
        read(**READS[operation], WithDecryption=True)


@pytest.mark.parametrize("operation", READS)
def test_reading_without_decryption_needs_no_key(cloud: Cloud, key: str, operation: str) -> None:
    answer = getattr(_as(cloud, READ), operation)(**READS[operation], WithDecryption=False)
    assert "old" not in str(answer)


@pytest.mark.parametrize("operation", READS)
def test_the_key_decrypts_its_parameters(cloud: Cloud, key: str, operation: str) -> None:
    read = getattr(_as(cloud, READ, _through_ssm("kms:Decrypt", key)), operation)
    assert "old" in str(read(**READS[operation], WithDecryption=True))


def test_a_plain_parameter_needs_no_key(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ)
    assert _values(ssm, "/kairos/prod/settings/") == {"ENVIRONMENT": "production"}


def test_the_permission_may_be_for_other_parameters(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ, _through_ssm("kms:Decrypt", key, under="/kairos/dev/*"))
    with pytest.raises(ClientError, match="kms:Decrypt"):
        _values(ssm)


def test_the_permission_may_be_for_another_service(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ, _through_ssm("kms:Decrypt", key, service="secretsmanager"))
    with pytest.raises(ClientError, match="kms:Decrypt"):
        _values(ssm)


def test_the_permission_may_be_for_another_key(cloud: Cloud, key: str) -> None:
    other = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(ClientError, match="kms:Decrypt"):
        _values(_as(cloud, READ, _through_ssm("kms:Decrypt", other)))


def test_a_permission_through_ssm_is_not_one_for_kms_itself(cloud: Cloud, key: str) -> None:
    secret = cloud.client("kms").encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    keys = cloud.keys_of_role("function", _through_ssm("kms:Decrypt", key))
    with pytest.raises(ClientError, match="kms:Decrypt"):
        cloud.client("kms", keys=keys).decrypt(CiphertextBlob=secret)


def test_the_account_may_use_the_aws_managed_key(cloud: Cloud) -> None:
    cloud.client("ssm").put_parameter(Name="/kairos/prod/x", Value="y", Type="SecureString")
    assert _values(_as(cloud, READ)) == {"x": "y"}


def test_every_name_of_a_list_is_checked(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ)
    with pytest.raises(ClientError, match=r"ssm:GetParameters on resource: .*/kairos/dev/settings"):
        ssm.get_parameters(Names=["/kairos/prod/settings/ENVIRONMENT", "/kairos/dev/settings/ENVIRONMENT"])


@pytest.mark.parametrize("name", [f"{SECRET}:1", f"{PARAMETERS}{SECRET}", f"{PARAMETERS}{SECRET}:1"])
def test_a_version_is_read_with_the_permission_for_its_parameter(cloud: Cloud, key: str, name: str) -> None:
    ssm = _as(cloud, allow("ssm:GetParameter", f"{PARAMETERS}{SECRET}"))
    assert ssm.get_parameter(Name=name)["Parameter"]["Version"] == 1


def test_a_list_of_names_is_read_with_their_permission(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, READ)
    answer = ssm.get_parameters(Names=["/kairos/prod/settings/ENVIRONMENT"])
    assert answer["Parameters"][0]["Value"] == "production"


WRITE = allow("ssm:PutParameter", f"{PARAMETERS}/kairos/prod/*")


@pytest.mark.parametrize("named", ["alias/kairos-prod", "arn"])
def test_writing_a_secret_needs_the_key(cloud: Cloud, key: str, named: str) -> None:
    identity = key if named == "arn" else named
    ssm = _as(cloud, WRITE)
    with pytest.raises(ClientError, match=f"AccessDeniedException.*kms:Encrypt on resource: {key} because"):
        ssm.put_parameter(Name=SECRET, Value="new", Type="SecureString", KeyId=identity, Overwrite=True)
    assert _values(cloud.client("ssm"))["SECRET_KEY"] == "old"


def test_a_role_with_the_key_writes_a_secret_it_cannot_read(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, WRITE, READ, _through_ssm("kms:Encrypt", key))
    ssm.put_parameter(Name=SECRET, Value="new", Type="SecureString", KeyId=key, Overwrite=True)
    with pytest.raises(ClientError, match="kms:Decrypt"):
        ssm.get_parameter(Name=SECRET, WithDecryption=True)
    assert _values(cloud.client("ssm"))["SECRET_KEY"] == "new"


def test_the_advanced_tier_needs_a_data_key(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, WRITE, _through_ssm("kms:Encrypt", key))
    with pytest.raises(ClientError, match="kms:GenerateDataKey"):
        ssm.put_parameter(
            Name=SECRET, Value="new", Type="SecureString", KeyId=key, Overwrite=True, Tier="Advanced"
        )


def test_writing_a_plain_parameter_needs_no_key(cloud: Cloud, key: str) -> None:
    ssm = _as(cloud, WRITE)
    ssm.put_parameter(Name="/kairos/prod/settings/ENVIRONMENT", Value="x", Type="String", Overwrite=True)
    assert _values(cloud.client("ssm"), "/kairos/prod/settings/") == {"ENVIRONMENT": "x"}


def test_a_key_that_does_not_exist_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match=r"InvalidKeyId.*alias/absent"):
        cloud.client("ssm").put_parameter(Name=SECRET, Value="new", Type="SecureString", KeyId="alias/absent")


def test_an_empty_value_is_refused_and_the_old_one_is_kept(cloud: Cloud, key: str) -> None:
    ssm = cloud.client("ssm")
    with pytest.raises(ClientError, match="ValidationException"):
        ssm.put_parameter(Name=SECRET, Value="", Type="SecureString", KeyId=key, Overwrite=True)
    assert _values(ssm)["SECRET_KEY"] == "old"


def test_describing_parameters_needs_a_permission_for_the_whole_account(cloud: Cloud, key: str) -> None:
    right = allow("ssm:DescribeParameters", f"arn:aws:ssm:{REGION}:{ACCOUNT}:*")
    assert len(_as(cloud, right).describe_parameters()["Parameters"]) == 4


def test_describing_parameters_is_not_allowed_by_a_permission_for_one(cloud: Cloud, key: str) -> None:
    right = allow("ssm:DescribeParameters", f"{PARAMETERS}/kairos/prod/*")
    with pytest.raises(ClientError, match="ssm:DescribeParameters"):
        _as(cloud, right).describe_parameters()
