"""ECR: what MiniStack refuses by itself."""

from __future__ import annotations

from emulator.refusals.row import Row

ROWS = (
    Row(
        name="ecr-repository-with-images",
        service="ecr",
        actions=("DeleteRepository",),
        when="the repository has images and the request has no force",
        code="RepositoryNotEmptyException",
        message="The repository with name '{name}' in registry with id '{account}' cannot be deleted because it "
        "still contains images",
        source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
    ),
    Row(
        name="ecr-tag-immutable",
        service="ecr",
        actions=("PutImage",),
        when="tags are immutable and an image has the tag",
        code="ImageTagAlreadyExistsException",
        message="The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten because "
        "the repository is immutable.",
        source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html",
    ),
)
