"""Which misspelling is close enough: bounds on the edit distance, relative to a word's length.

Distance is optimal string alignment: inserting, deleting, replacing a letter and swapping two
neighbours each cost 1. Digits are never misspelt: Sale_2024 is not Sale_2025.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4


def most_edits(length: int) -> int:
    """How many edits a word of this length may be away."""
    return 0 if length < SHORTEST else 1 if length < 12 else 2


def edits(written: str, meant: str) -> int | None:
    """How many edits lie between two words, None if too many to be the same word."""
    allowed = most_edits(min(len(written), len(meant)))
    distance = OSA.distance(written, meant, score_cutoff=allowed)
    same = distance == 0 or (distance <= allowed and _digits(written) == _digits(meant))
    return int(distance) if same else None


def edits_of_words(written: Sequence[str], meant: Sequence[str]) -> int | None:
    """As `edits`, for names of several words; differently parted ones may be one edit apart.

    A short word is misspelt only beside others that fit: alone it is likely to be another word.
    """
    if len(written) != len(meant):
        total = edits("".join(written), "".join(meant))
        return total if total is not None and total <= 1 else None
    if len(meant) == 1 and len(meant[0]) <= 5 and not _is_misspelt_alone(written[0], meant[0]):
        return None
    each = [edits(*pair) for pair in zip(written, meant, strict=True)]
    found = [count for count in each if count is not None]
    return sum(found) if len(found) == len(each) else None


def _is_misspelt_alone(written: str, meant: str) -> bool:
    same_letters = len(meant) <= SHORTEST and sorted(written) == sorted(meant)
    return written == meant or (_is_slip(written, meant) and not same_letters)


def closest(written: str, words: Collection[str]) -> list[str]:
    """The known words that a misspelt word of the grammar may be: all of the least distance."""
    if len(written) < SHORTEST or not written.isalpha():
        return []
    near = process.extract(written, words, scorer=OSA.distance, score_cutoff=2, limit=20)
    found = [(count, word) for word, *_ in near if (count := edits(written, word))]
    likely = [(n, word) for n, word in found if n > 1 or _is_slip(written, word)]
    least = min((n for n, _ in likely), default=0)
    return [word for n, word in likely if n == least]


def _is_slip(written: str, word: str) -> bool:
    """Whether one edit looks like a slip rather than another word (sent, Costa, Martin)."""
    if written[0] != word[0] or len(word) < SHORTEST:
        return False
    if len(written) == len(word):
        return sorted(written) == sorted(word) or len(written) >= 8
    shorter, longer = sorted((written, word), key=len)
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), None)
    if at is None:  # the last letter is missing or too many
        return len(written) >= 6 if shorter == written else longer[-1] in ("s", longer[-2])
    doubled = longer[at] in (longer[at - 1], longer[at + 1])
    if shorter == written:
        return len(written) > SHORTEST or longer[at] in "aeiou" or doubled
    return doubled or len(written) >= 7


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
