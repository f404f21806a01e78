"""Fetches the newest approved model of a group from the registry, if there is one.

Plain SageMaker: it asks the registry through the AWS SDK, so it does the same here and on AWS.
"""

import argparse
import json
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

MISSING_GROUP = {"ValidationException", "ResourceNotFound", "ResourceNotFoundException"}


def newest_approved(sagemaker, group):
    """The newest approved model package of the group, None when there is none."""
    try:
        found = sagemaker.list_model_packages(
            ModelPackageGroupName=group,
            ModelApprovalStatus="Approved",
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=1,
        )["ModelPackageSummaryList"]
    except ClientError as refused:
        if refused.response["Error"]["Code"] in MISSING_GROUP:
            return None
        raise
    return sagemaker.describe_model_package(ModelPackageName=found[0]["ModelPackageArn"]) if found else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--group", required=True)
    parser.add_argument("--output-model", type=Path, required=True)
    parser.add_argument("--output-report", type=Path, required=True)
    options = parser.parse_args()

    package = newest_approved(boto3.client("sagemaker"), options.group)
    if package is None:
        report = {"found": 0, "version": 0}
        print(f"{options.group} has no approved model yet")
    else:
        report = {"found": 1, "version": package["ModelPackageVersion"]}
        address = urlsplit(package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"])
        target = options.output_model / "model.tar.gz"
        boto3.client("s3").download_file(address.netloc, address.path.lstrip("/"), str(target))
        print(f"{options.group} version {report['version']} from {address.geturl()}")
    (options.output_report / "latest.json").write_text(json.dumps(report))


if __name__ == "__main__":
    main()
