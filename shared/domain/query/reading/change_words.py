"""The words of change: kind, which way, phrases."""

from __future__ import annotations

from typing import Any

from shared.domain.query.reading import kinds as k

CHANGE_WORDS: tuple[tuple[str, Any, str], ...] = (
    (k.CHANGE, "any", "change | changes | changed | changing | differ | differed | delta | moved"),
    (
        k.CHANGE,
        "up",
        """
        grow | grew | grown | growing | growth | increase | increased | increases | increasing |
        rise | rose | rising | risen | go up | went up | gone up | going up | gain | gained |
        gains | jump | jumped | uplift | up | climb | climbed | climbing | soar | soared | surge |
        surged | surging | spike | spiked | spiking | pick up | picked up | picking up | scaled up |
        scale up | gainer | gainers | riser | risers | climber | climbers
        """,
    ),
    (
        k.CHANGE,
        "down",
        """
        drop | dropped | drops | dropping | decline | declined | declines | decrease | decreased |
        decreasing | fall | fell | fallen | falling | declining | go down | went down | gone down
        | going down | down | loss | dip | dipped | lost | lose | loses | losing | shed | shrink |
        shrank | shrunk | shrinking | slip | slipped | slipping | plunge | plunged | tank | tanked |
        tanking | slump | slumped | slumping | slid | slide | sliding | dwindled | reduced | cut |
        plummeted | nosedived | crashed | loser | losers | decliner | decliners | fallers
        """,
    ),
    (
        k.CHANGE,
        "better",
        """
        improve | improved | improvement | improving | got better | get better | getting better |
        gotten better | became better | become better
        """,
    ),
    (
        k.CHANGE,
        "worse",
        """
        worsen | worsened | worsening | deteriorate | deteriorated | got worse | get worse |
        getting worse | gotten worse | became worse | become worse
        """,
    ),
)
