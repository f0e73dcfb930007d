"""The page of a case: comments, all open tasks, who takes part, and its history by topic."""

import re
from datetime import timedelta

import pytest

from tests.integration.web.conftest import Later, Visitors
from tests.integration.web.test_cases import case_of
from tests.support.poison import poison
from tests.support.service import Service


@pytest.fixture
def place(visitors: Visitors, service: Service) -> str:
    """The address of a new case of Natuna."""
    return case_of(visitors, service, visitors.open_case())


def comments_in(page: str) -> list[str]:
    """The words of the comments, as they stand in the page."""
    return re.findall(r'<p class="comment-words">(.*?)</p>', page, re.DOTALL)


def test_a_comment_is_read_with_its_line_breaks_and_who_is_named_is_told(
    visitors: Visitors, service: Service, place: str
) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    answer = visitor.send(f"{place}/comments", message="Sudah ditelepon.\r\nTolong dicek @manajer@natuna")
    assert answer.location == f"{place}#comments"
    page = visitor.get(place).text
    assert "Catatan tersimpan. Orang yang disebut sudah diberi tahu." in page
    [words] = comments_in(page)
    assert words == (
        'Sudah ditelepon.\nTolong dicek <span class="mention" title="manajer@natuna">@Manajer</span>'
    )


def test_a_manager_sees_who_wrote_and_is_led_to_open_the_identity(
    visitors: Visitors, service: Service, place: str
) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    visitor.send(f"{place}/comments", message="Kenanga takut pulang")
    manager = visitors("manajer@natuna")
    page = manager.get(place).text
    assert comments_in(page) == []
    assert "rahasia" in page
    assert "Kenanga" not in page
    asked = place.replace("/cases/", "/cockpit/instances/") + "/identity"
    assert f'href="{asked}"' in page
    opened = manager.send(asked, reason="Menjawab surat pengadilan nomor 12").text
    assert comments_in(opened) == ["Kenanga takut pulang"]


def test_what_is_refused_comes_back_with_what_was_written(visitors: Visitors, place: str) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    answer = visitor.send(f"{place}/comments", message="Mohon bantuan @peksos@bintan")
    assert answer.status_code == 400
    assert "orang yang Anda sebut dengan @ tidak dapat melihat kasus ini" in answer.text
    assert "Mohon bantuan @peksos@bintan</textarea>" in answer.text


def test_hostile_html_in_a_comment_is_text_and_a_link_stays_dead(visitors: Visitors, place: str) -> None:
    visitor, hostile = visitors("petugas@natuna"), f"{poison('komentar')} https://contoh.id"
    visitor.get(place)
    visitor.send(f"{place}/comments", message=hostile)
    [words] = comments_in(visitor.get(place).text)
    assert "<" not in words
    assert "https://contoh.id" in words


def test_ones_own_comment_is_removed_for_an_hour_and_says_so(
    visitors: Visitors, place: str, later: Later
) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    for _ in range(2):
        visitor.send(f"{place}/comments", message="Salah kasus")
    first, second = re.findall(rf'action="({place}/comments/\w+/remove)"', visitor.get(place).text)
    assert visitor.send(first).location == f"{place}#comments"
    page = visitor.get(place).text
    assert comments_in(page) == ["Salah kasus"]
    assert "Dihapus oleh penulis." in page
    later(timedelta(hours=2))
    visitor = visitors("petugas@natuna")
    assert visitor.send(second).status_code == 403
    assert visitor.send(second.replace(place, "/cases/x")).status_code == 404


def test_the_history_is_shown_by_day_and_by_topic(visitors: Visitors, place: str) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    visitor.send(f"{place}/comments", message="uji")
    timeline = re.compile(r'<section class="story timeline".*?</section>', re.DOTALL)
    everything, only = (timeline.search(visitor.get(place + part).text) for part in ("", "?events=comments"))
    assert everything
    assert "membuka kasus" in everything[0]
    assert "menulis catatan" in everything[0]
    assert only
    assert "membuka kasus" not in only[0]
    assert "menulis catatan" in only[0]


def test_everybody_on_a_case_sees_all_its_open_tasks_and_opens_their_own(
    visitors: Visitors, service: Service
) -> None:
    task = visitors.open_case()
    place = case_of(visitors, service, task)
    page = visitors("petugas@natuna").get(place).text
    assert f'<a class="card" href="{task}"' in page
    assert "Menunggu" in page
    assert "Yang melapor" in page
