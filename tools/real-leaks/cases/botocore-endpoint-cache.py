"""A session per request: the cache of a method keeps a hundred of them, each with its service models (boto3 #3614)."""

import gc

import botocore.session
from botocore.endpoint_provider import EndpointProvider


def handle(number):
    session = botocore.session.Session()
    session.set_credentials("id", "secret")
    client = session.create_client("sqs", region_name="eu-west-1")
    client._resolve_endpoint_ruleset(client.meta.service_model.operation_model("ListQueues"), {}, {"client_region": "eu-west-1"})


def exercise(n):
    for number in range(n):
        handle(number)


def held():
    gc.collect()
    return sum(isinstance(each, EndpointProvider) for each in gc.get_objects())
