"""Answers GET /ratings with the ratings of a shop, and with where they would be stored."""

import json
import os

RATINGS = [
    {"product": "samovar", "stars": 5},
    {"product": "teapot", "stars": 4},
    {"product": "saucer", "stars": 3},
]


def handler(event, context):
    query = event["queryStringParameters"] or {}
    try:
        least = int(query.get("stars", "0"))
    except ValueError:
        return answer(400, {"message": "stars is a number"})
    print(f"listing the ratings of {least} stars and more")
    return answer(
        200,
        {
            "ratings": [rating for rating in RATINGS if rating["stars"] >= least],
            "table": os.environ["TABLE_NAME"],
            "bucket": os.environ["BUCKET_NAME"],
            "stage": os.environ["STAGE"],
        },
    )


def answer(status, body):
    """What a REST API wants of a function: the status code, the headers, and the body as text."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
