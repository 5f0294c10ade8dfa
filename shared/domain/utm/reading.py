"""Answers about links that exist: what a landing URL says, where a source and medium land."""

from __future__ import annotations

from shared.domain.utm.channels import channel
from shared.domain.utm.conventions import missing
from shared.domain.utm.models import ChannelRead, Landing, LandingRead, Pair
from shared.domain.utm.parse import parse
from shared.domain.utm.refusal import Refused


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
    """The default channel group of a source and medium. Raises Refused (`missing_required`)."""
    source, medium = pair.source.strip(), pair.medium.strip()
    if lacking := [name for name, given in (("source", source), ("medium", medium)) if not given]:
        raise Refused([missing(name) for name in lacking])
    rule = channel(source, medium, pair.campaign.strip())
    return ChannelRead(channel_group=rule.group, definition=rule.says)
