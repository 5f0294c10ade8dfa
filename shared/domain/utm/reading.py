"""Answers about links that exist: what a landing URL says, where a source and medium land."""

from __future__ import annotations

from shared.domain.utm.channels import channel
from shared.domain.utm.models import ChannelRead, Landing, LandingRead, Pair
from shared.domain.utm.parse import parse


def parse_landing(landing: Landing) -> LandingRead:
    """Read a landing URL. Raises Refused (`invalid_url`)."""
    read = parse(landing.url, landing.referrer)
    return LandingRead(
        **{**read.tags, "source": read.source, "medium": read.medium},
        click_id=read.click,
        channel_group=read.rule.group,
        origin=read.origin,
        explanation=read.explanation,
        warnings=list(read.warnings),
    )


def name_channel(pair: Pair) -> ChannelRead:
    """The default channel group of a source and medium."""
    rule = channel(pair.source.strip(), pair.medium.strip(), pair.campaign.strip())
    return ChannelRead(channel_group=rule.group, definition=rule.says)
