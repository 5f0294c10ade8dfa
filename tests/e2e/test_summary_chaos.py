"""Weekly summaries under faults: the clock fires twice, each message comes one to three times and
out of order, workers die between write and publish, one call in twenty of every store fails. At the
end: one summary for each project, and one mail for each member who wants it.
"""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from random import Random

import pytest

from tests.storms import Storm
from tests.summary_shops import KEY, MONDAY, WEEK, email_of, open_shops, wanted

pytestmark = pytest.mark.slow

PROJECTS = 60


def test_faults_duplicates_and_disorder_send_each_member_one_summary(worlds, tmp_path):
    world = worlds(AIMS_PUBLIC_URL="https://aims.example")
    secrets = world.app.settings.data_dir / "secrets"
    secrets.mkdir()
    (secrets / "unsubscribe-key").write_text(KEY)
    storm = Storm(world, tmp_path, Random(11), MONDAY)
    open_shops(storm, PROJECTS)
    for firing in ("first", "first", "by-hand"):
        storm.fire("summary_scan", firing)
    storm.blow()
    expected = Counter(email_of(n, m) for n in range(PROJECTS) for m in wanted(n))
    assert mails(storm) == expected
    for number in range(PROJECTS):
        path = f"projects/shop-{number:04}/insights/weekly-summary-{WEEK}"
        stored = storm.documents.get(path)
        assert (stored.data["status"], stored.data["told"]) == ("ready", True)
        assert storm.documents.get(f"{path}/images/chart")
    assert storm.bus.dead_letters() == []


def mails(storm: Storm) -> Counter[str]:
    """Mail by recipient; one that was sent again after a crash has the same Message-ID."""
    read = [message_from_bytes(file.read_bytes()) for file in storm.folder.glob("*.eml")]
    assert len({mail["Message-ID"] for mail in read}) == len(read)
    assert all(mail["List-Unsubscribe"] for mail in read)
    return Counter(str(mail["To"]) for mail in read)
