"""Anomalies, and what people do about them."""

from __future__ import annotations

from shared.domain.anomalies.records import listing, record, reviewing
from shared.domain.anomalies.records.reviewing import Reviewed, Sent
from shared.domain.suite import Suite
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply


def _shown(reviewed: Reviewed) -> Reply:
    return Reply(reviewed.anomaly, version=reviewed.version)


def _sent(call: Call) -> Sent:
    return Sent(call.path["anomaly"], call.if_match)


def _scan(suite: Suite, call: Call) -> record.ScanAnswer:
    from shared.domain.anomalies.scanning import scan  # arrays are not for every start

    return scan(suite, call.access, call.body)


anomalies = http_function(
    "anomalies",
    {
        "list_anomalies": Operation(
            lambda suite, call: listing.list_anomalies(suite, call.access, call.query),
            query=record.AnomalyQuery,
            answer=record.AnomalyList,
        ),
        "read_anomaly": Operation(
            lambda suite, call: _shown(
                reviewing.read_anomaly(suite, call.access, call.path["anomaly"])
            ),
            answer=record.AnomalyDetail,
        ),
        "scan": Operation(_scan, body=record.ScanRequest, answer=record.ScanAnswer),
        "acknowledge": Operation(
            lambda suite, call: _shown(reviewing.acknowledge(suite, call.access, _sent(call))),
            answer=record.AnomalyDetail,
        ),
        "resolve": Operation(
            lambda suite, call: _shown(reviewing.resolve(suite, call.access, _sent(call))),
            answer=record.AnomalyDetail,
        ),
        "mute": Operation(
            lambda suite, call: _shown(reviewing.mute(suite, call.access, _sent(call), call.body)),
            body=record.Mute,
            answer=record.AnomalyDetail,
        ),
        "give_feedback": Operation(
            lambda suite, call: _shown(
                reviewing.give_feedback(suite, call.access, _sent(call), call.body)
            ),
            body=record.Feedback,
            answer=record.AnomalyDetail,
        ),
    },
)
