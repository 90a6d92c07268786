"""Answers GET /orders/{id} and POST /orders of an HTTP API, whose events are of format 2.0."""

import base64
import json
import os


def handler(event, context):
    routes = {
        "GET /orders/{id}": get_order,
        "POST /orders": place_order,
    }
    return routes[event["routeKey"]](event)


def get_order(event):
    # An HTTP API takes an object without a status code as the body of a 200.
    return {
        "id": event["pathParameters"]["id"],
        "status": "brewing",
        "table": os.environ["TABLE_NAME"],
        "stage": os.environ["STAGE"],
    }


def place_order(event):
    try:
        order = json.loads(body(event))
        item = order["item"]
    except (ValueError, TypeError, KeyError):
        return answer(400, {"message": 'an order is an object such as {"item": "teapot"}'})
    return answer(201, {"id": "42", "item": item}, {"location": "/orders/42"})


def body(event):
    """The bytes of the body; those that are not text travel as base64."""
    text = event.get("body", "")
    return base64.b64decode(text) if event["isBase64Encoded"] else text


def answer(status, content, headers=None):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": json.dumps(content),
    }
