"""The papers of the procedure: what each states, and that they agree with the steps of 依法控辍."""

from __future__ import annotations

import pytest

from baoxue.policy.documents import (
    FORMS,
    DocumentForm,
    DocumentKind,
    FieldType,
    Series,
    missing,
    number_text,
    offered,
    short_name,
)
from baoxue.policy.ladder import STEPS, LadderStep, StepRule

ALL = [pytest.param(form, id=form.kind.value) for form in FORMS.values()]
# A 劝诫（训诫）记录 is drawn up by the village or the police, in their own form.
OF_OTHERS = {LadderStep.ADMONITION}
ON_THE_LADDER = [pytest.param(rule, id=step.value) for step, rule in STEPS.items() if step not in OF_OTHERS]


def test_every_kind_of_paper_says_what_it_states() -> None:
    assert set(FORMS) == set(DocumentKind)


@pytest.mark.parametrize("form", ALL)
def test_a_field_can_be_written_in_a_template_by_its_label_alone(form: DocumentForm) -> None:
    labels = [field.label for field in form.fields]
    assert len(set(labels)) == len(labels)
    assert [label for label in labels if not label.isidentifier()] == []


@pytest.mark.parametrize("form", ALL)
def test_no_two_fields_of_a_paper_share_a_code(form: DocumentForm) -> None:
    codes = [field.code for field in form.fields]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("form", ALL)
def test_only_rows_have_columns(form: DocumentForm) -> None:
    assert [f.code for f in form.fields if bool(f.columns) != (f.type is FieldType.ROWS)] == []


@pytest.mark.parametrize("form", ALL)
def test_a_paper_has_a_number_exactly_when_it_has_a_row_of_numbers(form: DocumentForm) -> None:
    assert any(field.code == "number" for field in form.fields) == (form.series is not None)


@pytest.mark.parametrize("form", ALL)
def test_a_paper_that_can_be_challenged_names_before_whom(form: DocumentForm) -> None:
    needed = {field.code for field in form.fields if field.required}
    assert ({"review_organ", "court"} <= needed) == form.remedy


@pytest.mark.parametrize("rule", ON_THE_LADDER)
def test_a_paper_of_the_ladder_is_issued_and_served_as_its_step_says(rule: StepRule) -> None:
    form = FORMS[DocumentKind(rule.step.value)]
    assert form.kind.label == rule.step.label
    assert form.levels == rule.issuers
    assert form.served == rule.served


def test_a_penalty_is_offered_only_where_an_article_is_in_force() -> None:
    without = {form.kind for form in offered(article_in_force=False)}
    assert set(DocumentKind) - without == {DocumentKind.PENALTY_DECISION}
    assert {form.kind for form in offered(article_in_force=True)} == set(DocumentKind)


def test_an_order_without_its_term_and_its_remedy_is_not_complete() -> None:
    form = FORMS[DocumentKind.RECTIFICATION_ORDER]
    given = {f.code: "有" for f in form.fields if f.required and f.code not in ("due_on", "review_organ")}
    assert [field.label for field in missing(form, given)] == ["改正期限", "复议机关"]


def test_what_is_not_required_may_be_left_empty() -> None:
    form = FORMS[DocumentKind.PERSUASION_RECORD]
    assert missing(form, {field.code: "有" for field in form.fields if field.required}) == []


@pytest.mark.parametrize(
    ("county", "short"),
    [
        ("岑巩县", "岑巩"),
        ("威宁彝族回族苗族自治县", "威宁彝族回族苗族"),
        ("郫县", "郫县"),
        ("凯里市", "凯里"),
        ("花溪区", "花溪"),
    ],
)
def test_a_county_stands_in_its_numbers_by_its_short_name(county: str, short: str) -> None:
    assert short_name(county) == short


def test_a_number_is_written_as_office_papers_write_it() -> None:
    assert number_text("岑巩教控", Series.ORDER, year=2025, number=12) == "岑巩教控责字〔2025〕12号"
