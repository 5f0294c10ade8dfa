"""UTM links: built, read back, explained, and kept to a team's conventions."""

from __future__ import annotations

from pydantic import BaseModel

from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.domain.utm import campaigns, links, models, presets, reading, team
from shared.domain.utm.conventions import Conventions
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply


def _batch(suite: Suite, call: Call) -> Reply:
    from shared.domain.utm.batch import build_batch  # reading files is not for every start

    text = build_batch(suite, call.access, call.body, call.query)
    return Reply(text, media_type="text/csv; charset=utf-8")


def _versioned(found: tuple[BaseModel, str | None]) -> Reply:
    return Reply(found[0], version=found[1])


def _delete(suite: Suite, call: Call) -> None:
    presets.delete_preset(suite, call.access, call.path["preset"])


utm = http_function(
    "utm",
    {
        "build_link": Operation(
            lambda suite, call: links.build_link(suite, call.access, call.body),
            body=models.NewLink,
            answer=models.LinkAnswer,
        ),
        "build_links": Operation(_batch, query=models.BatchQuery, also=("text/csv",)),
        "list_links": Operation(
            lambda suite, call: links.list_links(suite, call.access, call.query),
            query=PageQuery,
            answer=models.LinkList,
        ),
        "parse_link": Operation(
            lambda _, call: reading.parse_landing(call.body),
            body=models.Landing,
            answer=models.LandingRead,
        ),
        "name_channel": Operation(
            lambda _, call: reading.name_channel(call.body),
            body=models.Pair,
            answer=models.ChannelRead,
        ),
        "list_presets": Operation(
            lambda suite, call: presets.list_presets(suite, call.access, call.query),
            query=PageQuery,
            answer=models.PresetList,
        ),
        "save_preset": Operation(
            lambda suite, call: presets.save_preset(suite, call.access, call.body),
            body=models.NewPreset,
            answer=models.Preset,
            status=201,
        ),
        "delete_preset": Operation(_delete, status=204),
        "read_conventions": Operation(
            lambda suite, call: _versioned(team.read_conventions(suite, call.access)),
            answer=Conventions,
        ),
        "write_conventions": Operation(
            lambda suite, call: _versioned(
                team.write_conventions(suite, call.access, call.body, call.if_match)
            ),
            body=Conventions,
            answer=Conventions,
        ),
        "read_campaign_tags": Operation(
            lambda suite, call: _versioned(
                campaigns.read(suite, call.access, call.path["campaign"])
            ),
            answer=models.CampaignTags,
        ),
        "write_campaign_tags": Operation(
            lambda suite, call: _versioned(
                campaigns.write(suite, call.access, call.path["campaign"], call.body, call.if_match)
            ),
            body=models.Tags,
            answer=models.CampaignTags,
        ),
    },
)
