"""What a suite on one machine brings along: a key for links, and the demo's last weeks."""

from __future__ import annotations

from datetime import date

from infra.local.demo_project import load_demo_project, sum_up_demo_project
from infra.local.keys import unsubscribe_key

DEMO = "demo@example.com"


def test_a_data_folder_gets_one_key_that_only_its_owner_reads(tmp_path):
    file = unsubscribe_key(tmp_path)
    first = file.read_bytes()
    assert unsubscribe_key(tmp_path).read_bytes() == first
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(first) >= 32
    assert unsubscribe_key(tmp_path / "other").read_bytes() != first


def test_the_key_of_a_data_folder_signs_links(bare):
    data_dir = bare.world.app.settings.data_dir
    (data_dir / "secrets" / "unsubscribe-key").unlink()
    unsubscribe_key(data_dir)
    bare.loads()
    bare.tell()
    assert len(bare.post.sent) == 1


def test_the_demo_s_last_weeks_are_summed_up_and_the_newest_is_mailed_once(bare):
    load_demo_project(bare.suite)
    mondays = list(sum_up_demo_project(bare.suite))
    assert mondays == [date(2025, 3, 10), date(2025, 3, 17), date(2025, 3, 24)]
    bare.drain()
    assert bare.to() == [DEMO]
    listed = bare.world.person(DEMO).get("/v1/projects/demo/weekly-summaries").get_json()["items"]
    assert [(one["week"], one["status"]) for one in listed] == [
        ("2025-W13", "ready"),
        ("2025-W12", "ready"),
        ("2025-W11", "ready"),
    ]
    assert list(sum_up_demo_project(bare.suite)) == []
