"""The review pages as each person sees them: what is offered is what is accepted, and a mistake keeps what was typed."""

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from roadstead.accounts.models import User
from roadstead.reviews import services
from roadstead.reviews.factories import Cast, cast, submission
from roadstead.reviews.models import Decision, Submission
from roadstead.reviews.track import OPEN_STAGES, Stage

pytestmark = pytest.mark.django_db

QUERIES = 12


@pytest.fixture
def people() -> Cast:
    return cast()


def signed_in(person: User, language: str = "zh-hans") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(person)
    return client


def page_of(made: Submission, person: User, language: str = "zh-hans", **query: str) -> str:
    answer = signed_in(person, language).get(f"/workbench/reviews/{made.pk}", query or {"tab": "information"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_offers_what_waits_and_leads_to_the_review(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    client = signed_in(people.business)
    listed = client.get("/workbench/reviews").content.decode()
    assert made.app.name in listed
    assert "开始处理" in listed
    answer = client.post(f"/workbench/reviews/{made.pk}/claim?stage=business")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/workbench/reviews/{made.pk}")
    assert "商务审核由你处理" in page_of(made, people.business)
    assert "继续审核" in client.get("/workbench/reviews").content.decode()


@pytest.mark.parametrize("path", ["", "/claim", "/release", "/pass", "/reject", "/test", "/package"])
def test_a_foreign_review_looks_like_a_missing_one(people: Cast, path: str) -> None:
    made = submission(people)
    stranger = signed_in(people.stranger)
    for address in (f"/workbench/reviews/{made.pk}{path}", f"/workbench/reviews/appvr-aaaaaaaaaaaaaaaa{path}"):
        answer = stranger.post(f"{address}?stage=provider") if path not in {"", "/package"} else stranger.get(address)
        assert answer.status_code == 404
    assert Decision.objects.count() == 0


def test_people_without_a_review_right_have_no_queue(people: Cast) -> None:
    assert signed_in(people.developer).get("/workbench/reviews").status_code == 403
    answer = Client().get("/workbench/reviews")
    assert (answer.status_code, "/accounts/login/" in answer.headers["Location"]) == (302, True)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "请填拒绝原因"), ("en", "Say why it is rejected")])
def test_a_rejection_without_a_reason_comes_back_to_the_dialog(people: Cast, language: str, words: str) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    client = signed_in(people.business, language)
    answer = client.post(f"/workbench/reviews/{made.pk}/reject?stage=business", {"reason": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "data-open" in text
    assert Decision.objects.filter(stage=Stage.BUSINESS).count() == 0
    answer = client.post(f"/workbench/reviews/{made.pk}/reject?stage=business", {"reason": "No licence."}, follow=True)
    assert "No licence." not in answer.content.decode()
    assert Decision.objects.get(stage=Stage.BUSINESS).reason == "No licence."


@pytest.mark.parametrize("stage", OPEN_STAGES)
@pytest.mark.parametrize("role", ["head", "business", "technical", "developer"])
def test_buttons_are_what_the_service_accepts(people: Cast, stage: Stage, role: str) -> None:
    made = submission(people, stage=stage)
    person = getattr(people, role)
    mine = people.reviewer(stage) == person
    before = page_of(made, person)
    assert ("开始处理" in before) == mine
    services.claim(actor=people.reviewer(stage), submission_id=made.pk, stage=stage)
    after = page_of(made, person)
    assert ("通过这个版本" in after, "拒绝这个版本" in after, "放弃处理" in after) == (mine, mine, mine)
    # Business reviewers prove companies, not deployments.
    assert ("部署测试" in after) == (mine and stage is not Stage.BUSINESS)


def test_passing_says_what_comes_next(people: Cast) -> None:
    made = submission(people, stage=Stage.TECHNICAL)
    services.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    answer = signed_in(people.technical).post(f"/workbench/reviews/{made.pk}/pass?stage=technical", follow=True)
    assert "技术审核已通过" in answer.content.decode()
    again = signed_in(people.technical).post(f"/workbench/reviews/{made.pk}/pass?stage=technical")
    assert again.status_code == 409


def test_earlier_submissions_show_their_reasons(people: Cast) -> None:
    made = submission(people)
    services.claim(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER)
    signed_in(people.head).post(f"/workbench/reviews/{made.pk}/reject?stage=provider", {"reason": "缺少 PDB"})
    again = services.submit(actor=people.developer, version_id=made.version_id)
    assert "缺少 PDB" in page_of(again, people.head)


@pytest.mark.parametrize("rows", [1, 6])
def test_query_counts_do_not_grow_with_rows(people: Cast, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    made = [submission(people, stage=Stage.BUSINESS) for _ in range(rows)]
    client = signed_in(people.business)
    client.get("/workbench/reviews")
    with django_assert_max_num_queries(QUERIES):
        assert client.get("/workbench/reviews").status_code == 200
    with django_assert_max_num_queries(QUERIES):
        assert client.get(f"/workbench/reviews/{made[0].pk}?tab=information").status_code == 200


def test_the_business_stage_has_the_provider_beside_the_information(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    assert "由谁提供" in page_of(made, people.business)
    assert "未分类" in page_of(made, people.business)
    assert "由谁提供" not in page_of(submission(people), people.head)


def test_earlier_submissions_lead_to_their_pages(people: Cast) -> None:
    made = submission(people)
    services.claim(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER)
    signed_in(people.head).post(f"/workbench/reviews/{made.pk}/reject?stage=provider", {"reason": "No."})
    again = services.submit(actor=people.developer, version_id=made.version_id)
    assert f'href="/workbench/reviews/{made.pk}"' in page_of(again, people.head)
