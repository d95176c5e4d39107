"""Components of the pages: what they say, given their inputs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.template import Context, RequestContext, Template, engines
from django.test import RequestFactory

from baoxue.platform import clock


def shown(template: str, *, request: HttpRequest | None = None, **inputs: Any) -> str:
    """A piece of template as it comes out, with single spaces."""
    made: Template = engines["django"].engine.from_string("{% load web %}" + template)  # type: ignore[attr-defined]
    context = Context(inputs) if request is None else RequestContext(request, {"request": request, **inputs})
    return " ".join(made.render(context).split())


@pytest.mark.parametrize(
    ("number", "words"), [(43251, "43,251"), (-1204, "−1,204"), (0, "0"), (None, "—"), ("", "—"), (7, "7")]
)
def test_a_count_has_thousands_a_real_minus_and_is_never_blank(number: int | str | None, words: str) -> None:
    assert shown("{{ number|count }}", number=number) == words


@pytest.mark.parametrize(("number", "words"), [(5, "+5"), (0, "0"), (-5, "−5"), (1204, "+1,204")])
def test_a_change_shows_its_sign(number: int, words: str) -> None:
    assert shown("{{ number|change }}", number=number) == words


def test_days_of_another_year_say_the_year() -> None:
    today = clock.today()
    assert shown("{{ on|day }} {{ on|short_day }}", on=date(2024, 6, 7)) == "2024年6月7日 2024-06-07"
    this = date(today.year, 2, 3)
    assert shown("{{ on|day }} {{ on|short_day }}", on=this) == "2月3日 02-03"


def test_an_instant_is_told_in_the_time_of_the_office() -> None:
    assert shown("{{ at|moment }}", at=datetime(2024, 10, 14, 23, 20, tzinfo=UTC)) == "2024-10-15 07:20"


DUE = date(2024, 10, 13)


@pytest.mark.parametrize(
    ("days_left", "css", "words"),
    [
        (-2, "dl-over", "逾期 2 天"),
        (0, "dl-today", "今天"),
        (1, "dl-soon", "还有 1 天"),
        (3, "dl-soon", "还有 3 天"),
        (4, "dl-far", "2024-10-13"),
    ],
)
def test_a_deadline_says_how_near_it_is_in_words_and_in_shape(days_left: int, css: str, words: str) -> None:
    chip = shown("{% deadline due days_left basis='教学日算，云岫县 2025 规定' %}", due=DUE, days_left=days_left)
    assert css in chip
    assert words in chip
    assert "2024年10月13日到期，教学日算，云岫县 2025 规定" in chip


def test_a_paused_deadline_says_until_when_and_who_approved() -> None:
    chip = shown("{% deadline due -3 paused_until=to paused_why='局长批准：住院' %}", due=DUE, to=date(2024, 11, 2))
    assert "dl-hold" in chip
    assert "暂停到 2024-11-02" in chip
    assert "局长批准：住院" in chip


@pytest.mark.parametrize(("days_left", "words"), [(2, "按时"), (-1, "迟 1 天")])
def test_what_is_done_says_whether_it_was_in_time(days_left: int, words: str) -> None:
    chip = shown("{% deadline due days_left done_on=due %}", due=DUE, days_left=days_left)
    assert "dl-done" in chip
    assert words in chip


def test_a_masked_number_is_read_aloud_as_hidden() -> None:
    number = shown('{% include "web/components/masked_number.html" with masked=masked %}', masked="990122***********0")
    assert "证件号，已遮住" in number
    assert '<span aria-hidden="true">990122<b>***********</b>0</span>' in number


def test_a_missing_number_is_said_to_be_missing() -> None:
    assert "没有学籍号" in shown('{% include "web/components/masked_number.html" with masked="" what="学籍号" %}')


def test_the_foot_of_a_list_tells_the_part_the_whole_and_the_way_on() -> None:
    page = Paginator(range(1043), 20).page(2)
    foot = shown(
        '{% include "web/components/pager.html" with unit="人" %}',
        page=page,
        request=RequestFactory().get("/?sex=F&page=2"),
    )
    assert "第 21–40 人，共 1,043 人" in foot
    assert "sex=F&amp;page=3" in foot
    assert "第 2 页，共 53 页" in foot


def chip(query: str) -> str:
    request = HttpRequest()
    request.GET = QueryDict(query)
    value = request.GET.get("sex", "")
    template = "{% filter_chip '性别' 'sex' value choices %}"
    return shown(template, request=request, value=value, choices=[("M", "男"), ("F", "女")])


def test_a_filter_in_force_shows_its_value_and_can_be_taken_off() -> None:
    made = chip("sex=F&stage=primary&page=7")
    assert "fchip on" in made
    assert "性别：女" in made
    assert 'href="?stage=primary"' in made
    assert "page=7" not in made


def test_a_filter_not_in_force_offers_its_values_and_keeps_the_others() -> None:
    made = chip("stage=primary")
    assert "fchip on" not in made
    assert 'href="?stage=primary&amp;sex=M"' in made


def test_the_column_in_order_says_which_way_and_turns_round() -> None:
    request = RequestFactory().get("/?order=name")
    head = shown("{% sort_head '姓名' 'name' order %}", request=request, order="name")
    assert 'aria-sort="ascending"' in head
    assert 'href="?order=-name"' in head
    assert "aria-sort" not in shown("{% sort_head '年龄' 'age' order %}", request=request, order="name")


class Reason(forms.Form):
    why = forms.CharField(label="为什么", error_messages={"required": "写一句为什么，学校会看到。"})
    phone = forms.CharField(label="电话", required=False)


def test_a_field_shows_its_error_under_it_tied_to_it_and_the_optional_is_marked() -> None:
    form = Reason({"why": ""})
    why = shown('{% include "web/components/field.html" with field=form.why %}', form=form)
    assert 'aria-invalid="true"' in why
    assert "写一句为什么，学校会看到。" in why
    assert 'id="id_why_error"' in why
    assert 'aria-describedby="id_why_error"' in why
    assert "可不填" not in why
    assert "可不填" in shown('{% include "web/components/field.html" with field=form.phone %}', form=form)


def test_the_steps_of_a_wizard_say_which_is_the_present_one() -> None:
    steps = shown('{% include "web/components/wizard.html" with now=2 %}', steps=["放入文件", "认出来了", "确认"])
    assert steps.count('class="done"') == 1
    assert '<li class="now" aria-current="step"><span class="n">2</span>认出来了</li>' in steps
