"""Weekly summaries, and what else was found out."""

from __future__ import annotations

from shared.domain import insights
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.domain.summaries import delivering, looking_up, requests
from shared.domain.summaries.keeping import Held
from shared.domain.summaries.models import Summary
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply
from shared.runtime.http.pages import HTML, TEXT, page

BY_ACCEPT = {"Vary": "Accept"}


def _generate(suite: Suite, call: Call) -> Reply:
    from shared.domain.summaries.producing import generate  # arrays are not for every start

    held = generate(suite, call.access, call.body)
    return Reply(held.summary, version=held.version)


def _shown(suite: Suite, call: Call, held: Held) -> Reply:
    kind = call.prefers("application/json", HTML, TEXT)
    if kind == HTML:
        html, version = looking_up.as_html(suite, held), f"{held.version}-html"
        return page(html, version=version, headers=BY_ACCEPT)
    if kind == TEXT:
        version, media_type = f"{held.version}-text", f"{TEXT}; charset=utf-8"
        return Reply(
            looking_up.as_text(held), version=version, media_type=media_type, headers=BY_ACCEPT
        )
    return Reply(held.summary, version=held.version, headers=BY_ACCEPT)


summaries = http_function(
    "summaries",
    {
        "generate_summary": Operation(_generate, body=requests.GenerateRequest, answer=Summary),
        "list_summaries": Operation(
            lambda suite, call: looking_up.list_summaries(suite, call.access, call.query),
            query=PageQuery,
            answer=requests.SummaryList,
        ),
        "read_latest_summary": Operation(
            lambda suite, call: _shown(suite, call, looking_up.latest(suite, call.access)),
            answer=Summary,
            also=(HTML, TEXT),
        ),
        "read_summary": Operation(
            lambda suite, call: _shown(
                suite, call, looking_up.of_week(suite, call.access, call.path["week"])
            ),
            answer=Summary,
            also=(HTML, TEXT),
        ),
        "send_test_summary": Operation(
            lambda suite, call: delivering.send_test(suite, call.access, call.path["week"]),
            answer=requests.SentTest,
        ),
        "list_insights": Operation(
            lambda suite, call: insights.list_insights(suite, call.access, call.query),
            query=insights.InsightQuery,
            answer=insights.InsightList,
        ),
    },
)
