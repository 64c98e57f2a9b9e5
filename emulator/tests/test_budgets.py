"""The budget of kairos-prod, as synthesized, reports the forecast and the actual cost of a month."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy

Resource = Mapping[str, Any]


class Budget:
    """The provider's requests for the stack's budget, and a queue that gets its notifications."""

    def __init__(self, cloud: Cloud, home: Path, made: Resource) -> None:
        self._cloud, self._bills = cloud, home / "bills.json"
        self.name, self.limit = made["name"], float(made["limit_amount"])
        self._sqs, sns = cloud.client("sqs"), cloud.client("sns")
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:budget"
        admits = {**allow("sqs:SendMessage", arn), "Principal": {"Service": "sns.amazonaws.com"}}
        made_queue = self._sqs.create_queue(QueueName="budget", Attributes={"Policy": policy(admits)})
        self._queue = made_queue["QueueUrl"]
        topic = sns.create_topic(Name="budget")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.client = cloud.client("budgets")
        self.client.create_budget(
            AccountId=ACCOUNT,
            Budget={
                "BudgetName": self.name,
                "BudgetType": made["budget_type"],
                "TimeUnit": made["time_unit"],
                "BudgetLimit": {"Amount": made["limit_amount"], "Unit": made["limit_unit"]},
            },
            NotificationsWithSubscribers=[
                {
                    "Notification": {
                        "NotificationType": each["notification_type"],
                        "ComparisonOperator": each["comparison_operator"],
                        "Threshold": each["threshold"],
                        "ThresholdType": each["threshold_type"],
                    },
                    "Subscribers": [{"SubscriptionType": "SNS", "Address": topic}],
                }
                for each in made["notification"]
            ],
        )

    def bill(self, **amounts: float) -> list[str]:
        """The notifications after AWS has evaluated a bill with these shares of the limit."""
        bill = {kind: part * self.limit for kind, part in amounts.items()}
        self._bills.write_text(json.dumps({self.name: bill}))
        request = urllib.request.Request(f"{self._cloud.url}/_kairos/budgets", method="POST")
        with urllib.request.urlopen(request) as answer:
            told = json.load(answer)["told"]
        messages = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        heard = sorted(json.loads(message["Body"])["Message"].split(" ")[0] for message in messages)
        assert len(heard) == told
        return heard


@pytest.fixture
def budget(cloud: Cloud, home: Path, stack: Mapping[str, Mapping[str, Resource]]) -> Iterator[Budget]:
    (made,) = stack["aws_budgets_budget"].values()
    yield Budget(cloud, home, made)
    (home / "bills.json").unlink(missing_ok=True)


def test_a_month_within_its_limit_sends_no_notification(budget: Budget) -> None:
    assert budget.bill(actual=0.6, forecasted=1) == []


def test_a_forecast_over_the_limit_sends_one_notification(budget: Budget) -> None:
    assert budget.bill(actual=0.6, forecasted=1.1) == ["FORECASTED"]
    assert budget.bill(actual=0.7, forecasted=1.2) == []


def test_an_actual_cost_over_the_limit_sends_one_too(budget: Budget) -> None:
    assert budget.bill(actual=0.9, forecasted=1.1) == ["FORECASTED"]
    assert budget.bill(actual=1.1, forecasted=1.2) == ["ACTUAL"]


def test_the_next_month_starts_again(budget: Budget) -> None:
    assert budget.bill(actual=1.1, forecasted=1.2) == ["ACTUAL", "FORECASTED"]
    assert budget.bill(actual=0.1, forecasted=0.9) == []
    assert budget.bill(actual=0.5, forecasted=1.5) == ["FORECASTED"]
