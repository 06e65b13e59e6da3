"""What schemathesis cannot know: how rows of a file are written, which reviews there are, and which cursors."""

import atexit
import collections
import json
import os
import re

import schemathesis
from schemathesis import GenerationMode

COURSE = os.environ["CONTRACT_COURSE"]
USER = os.environ["CONTRACT_USER"]
POSITION = os.environ["CONTRACT_POSITION"]
POSITION_PATTERN = re.compile(r"^reviews:\d{1,9}:\d{1,15}$")

valid_requests = collections.Counter()
answers = collections.Counter()


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    """A file is a text already."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.hook
def before_call(_context, case, _kwargs):
    if is_valid(case):
        address_what_there_is(case)


def is_valid(case):
    generation = getattr(case.meta, "generation", None)
    return generation is not None and generation.mode == GenerationMode.POSITIVE


def address_what_there_is(case):
    """Ids made up lead nowhere: most requests go to a review that exists, and wait for a command that does.

    A position of another partition and a cursor that was made up are refused, although their form is right.
    """
    query = case.query or {}
    if "cursor" in query:
        del query["cursor"]
    valid_requests[case.operation.label] += 1
    is_seeded = valid_requests[case.operation.label] % 3 != 0
    if is_seeded and "courseId" in (case.path_parameters or {}):
        case.path_parameters["courseId"] = COURSE
        if "userId" in case.path_parameters and case.method.upper() == "GET":
            case.path_parameters["userId"] = USER
    if POSITION_PATTERN.match(str(query.get("after", ""))):
        if is_seeded:
            query["after"] = POSITION
        else:
            del query["after"]


@schemathesis.hook
def filter_failure(_context, failure, case, _response):
    """A file of anything is taken: what is wrong with a line is said in the answer, line by line."""
    is_import = case.operation.path == "/v1/imports/reviews"
    return not (is_import and type(failure).__name__ == "AcceptedNegativeData")


@schemathesis.hook
def after_call(_context, case, response):
    answers[f"{case.operation.label} {response.status_code}"] += 1


@atexit.register
def report():
    with open(os.environ["CONTRACT_REPORT"], "w", encoding="utf-8") as file:
        json.dump(answers, file, indent=2, sort_keys=True)
