"""Many links at once: CSV in, CSV out."""

from __future__ import annotations

import csv
import io

import pytest

from shared.domain.utm.batch import ADDED

LINKS = "/v1/projects/shop/utm/links"
HEAD = "url,source,medium,campaign"
GOOD = "https://example.com,News,email,Spring Sale"
TAGGED = "https://example.com?utm_source=news&utm_medium=email&utm_campaign=spring_sale"


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop")


def send(person, text, query="", **headers):
    data = text if isinstance(text, bytes) else text.encode()
    return person.call(
        "POST", f"{LINKS}:batch{query}", data=data, headers={"Content-Type": "text/csv", **headers}
    )


def rows(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_each_line_gets_its_link_or_its_error(ann):
    text = f"{HEAD},note\n{GOOD},mine\nftp://x,a,b,c,\n\nhttps://e.com,a,,c\n"
    good, bad, missing = rows(send(ann, text))
    assert good["tagged_url"] == TAGGED
    assert (good["url"], good["note"]) == ("https://example.com", "mine")
    assert (good["channel_group"], good["code"], good["error"]) == ("Email", "", "")
    assert (bad["line"], bad["code"], bad["field"], bad["tagged_url"]) == (
        "3",
        "invalid_url",
        "url",
        "",
    )
    assert (missing["line"], missing["code"], missing["field"]) == (
        "5",
        "missing_required",
        "medium",
    )


def test_the_links_of_a_batch_are_kept_as_single_ones_are(ann):
    [row] = rows(send(ann, f"{HEAD}\n{GOOD}\n"))
    single = ann.post(
        LINKS,
        dict(zip(HEAD.split(","), GOOD.split(","), strict=True)),
    ).get_json()
    assert row["link_id"] == single["id"]
    assert [link["id"] for link in ann.get(LINKS).get_json()["items"]] == [single["id"]]


def test_a_batch_of_its_own_answer_answers_the_same(ann):
    first = send(ann, f"{HEAD},note\n{GOOD},=1+1\nnonsense,a,b,c,x\n").text
    assert send(ann, first).text == first


def test_a_column_of_the_persons_own_stays_whatever_its_name(ann):
    first = send(ann, f"{HEAD},Code,Line,Error,utm_field,link_id\n{GOOD},A,B,C,D,E\n").text
    assert next(csv.reader(io.StringIO(first)))[4:] == [
        *("Code", "Line", "Error", "utm_field", "link_id"),
        *ADDED,
    ]
    assert list(csv.reader(io.StringIO(first)))[1][4:9] == list("ABCDE")
    assert send(ann, first).text == first


def test_the_number_of_a_line_counts_what_stands_before_the_header(ann):
    assert [row["line"] for row in rows(send(ann, f"sep=,\n\n{HEAD}\n{GOOD}\n"))] == ["4"]


DIALECTS = [
    f"{HEAD}\r\n{GOOD}\r\n".encode(),
    f"\ufeff{HEAD}\n{GOOD}\n".encode(),
    f"{HEAD}\n{GOOD}\n".replace(",", ";").encode(),
    f"{HEAD}\n{GOOD}\n".replace(",", "\t").encode("utf-16"),
    f"{HEAD}\n{GOOD}".encode(),
    b'"URL","utm_source","UTM Medium","utm-campaign"\n'
    b'"https://example.com","news","email","spring sale"\n',
    b"Final URL,source,medium,Campaign Name\nhttps://example.com,news,email,spring sale\n",
    b'"url";"note, a, b, c, d";"source";"medium";"campaign"\n'
    b"https://example.com;x;news;email;spring sale\n",
    f"sep=;\r\n{HEAD}\r\n{GOOD}\r\n".replace(",", ";").encode(),
    f'"sep=\t"\n{HEAD}\n{GOOD}\n'.replace(",", "\t").encode(),
    f"\n  \n{HEAD}\n{GOOD}\n".encode(),
    b"campaign,medium,source,url\nspring sale,email,news,https://example.com\n",
]


@pytest.mark.parametrize("data", DIALECTS)
def test_any_dialect_and_order_of_columns_is_read(ann, data):
    assert [row["tagged_url"] for row in rows(send(ann, data))] == [TAGGED]


def test_every_field_may_be_a_column(ann):
    fields = "term,content,id,source_platform,creative_format,marketing_tactic"
    [row] = rows(send(ann, f"{HEAD},{fields}\n{GOOD},A,B,C,D,E,F\n"))
    assert row["tagged_url"] == (
        f"{TAGGED}&utm_term=a&utm_content=b&utm_id=C&utm_source_platform=d"
        "&utm_creative_format=e&utm_marketing_tactic=f"
    )


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "\t=1", "=cmd|'/C x'!A0"]
)
@pytest.mark.parametrize("column", ["note", "url", "source"])
def test_no_cell_of_the_answer_is_a_formula(ann, cell, column):
    values = {"url": "https://example.com", "source": "a", "note": "n"} | {column: cell}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["url", "source", "medium", "campaign", "note"]])
    writer.writerow([values["url"], values["source"], "email", "c", values["note"]])
    answer = send(ann, out.getvalue())
    for line in csv.reader(io.StringIO(answer.text)):
        assert not [c for c in line if c.strip(" ")[:1] in set("=+-@\t\r＝＋－＠") - {""}], line


def test_a_heading_is_no_formula_either(ann):
    answer = send(ann, f"{HEAD},=1+1\n{GOOD},x\n")
    assert answer.text.splitlines()[0].startswith(f"{HEAD},'=1+1,")


@pytest.mark.parametrize(
    "text,status",
    [
        (b"", 400),
        (b"PK\x03\x04rest", 400),
        (b"source,medium\na,b\n", 422),
        (b"url,url\na,b\n", 422),
        (b"url,source,utm_source\na,b,c\n", 422),
        (b'url,source\n"https://e.com,a\n' + b"x" * 200_000, 400),
        (f'{HEAD}\n{GOOD}\nhttps://e.com,"a,b,c\n{GOOD}\n{GOOD}\n'.encode(), 400),
        (b"\n\n", 400),
        (b"url\n" + b"x\n" * 50_001, 413),
    ],
    ids=[
        "empty",
        "zip",
        "no url",
        "url twice",
        "source twice",
        "open quote",
        "open quote in a short file",
        "blank",
        "too many",
    ],
)
def test_a_file_that_is_none_is_a_problem(ann, text, status):
    answer = send(ann, text)
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("application/problem+json")
    assert ann.get(LINKS).get_json()["items"] == []


def test_a_file_over_64_mib_is_a_problem(ann):
    assert send(ann, b"x" * ((64 << 20) + 1)).status_code == 413


def test_a_header_alone_is_answered_by_a_header(ann):
    assert send(ann, HEAD).text == f"{HEAD},{','.join(ADDED)}\r\n"


def test_a_line_too_long_or_too_short_harms_no_other(ann):
    found = rows(send(ann, f"{HEAD}\n{GOOD},more\nhttps://e.com\n{GOOD}\n"))
    assert [row["code"] for row in found] == ["invalid_line", "missing_required", ""]


def test_a_batch_keeps_the_conventions_unless_told_not_to(ann):
    ann.call("PUT", "/v1/projects/shop/utm/conventions", json={"allowed": {"medium": ["cpc"]}})
    [row] = rows(send(ann, f"{HEAD}\n{GOOD}\n"))
    assert (row["code"], row["field"]) == ("broken_convention", "medium")
    [row] = rows(send(ann, f"{HEAD}\n{GOOD}\n", "?conventions=false"))
    assert row["tagged_url"].endswith("utm_source=News&utm_medium=email&utm_campaign=Spring%20Sale")


def test_a_batch_with_a_key_is_answered_once(ann):
    key = {"Idempotency-Key": "k"}
    first, again = (send(ann, f"{HEAD}\n{GOOD}\n", **key) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.text, first.content_type) == (again.text, again.content_type)
    assert send(ann, f"{HEAD}\n", **key).status_code == 422


def test_a_batch_may_be_a_form(ann):
    form = {"file": (io.BytesIO(f"{HEAD}\n{GOOD}\n".encode()), "links.csv")}
    answer = ann.call("POST", f"{LINKS}:batch", data=form, content_type="multipart/form-data")
    assert [row["tagged_url"] for row in rows(answer)] == [TAGGED]


def test_a_cell_of_any_length_is_refused_like_any_other(ann):
    long = "x" * 100_000
    found = rows(send(ann, f"{HEAD}\n{long},a,b,c\nhttps://e.com,{long},b,c\n{GOOD}\n"))
    assert [(row["code"], row["field"]) for row in found] == [
        ("invalid_url", "url"),
        ("broken_convention", "source"),
        ("", ""),
    ]


def test_the_warnings_of_a_line_are_codes(ann):
    [row] = rows(send(ann, f"{HEAD}\nhttps://e.com/?gclid=1,a,flyer,c\n"))
    assert row["warnings"] == "click_id unassigned"
