"""A refusal as page, toast or problem+json, and an unforeseen failure with its reference."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from core import views
from core.http import Toast, done, fragment, refused
from core.middleware import RefusalMiddleware
from core.refusals import Conflict, Invalid, Missing, NotAllowed, Refusal
from tests.factories import make_user

KEPT = Conflict("This commitment is already kept.", allowed=["reopen"], missing=["a reason"])


def request(*, htmx: bool = False, accept: str = "text/html") -> HttpRequest:
    headers = {"accept": accept} | ({"hx-request": "true"} if htmx else {})
    made: HttpRequest = RequestFactory().post("/x/", headers=headers)
    made.user = AnonymousUser()
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined]  # set by the middleware
    made._messages = CookieStorage(made)  # type: ignore[attr-defined]  # set by the middleware
    return made


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (KEPT, 409, "This commitment is already kept. Missing: a reason. Possible now: reopen."),
        (NotAllowed("Only the investor team can do this."), 403, "Only the investor team can do this."),
        (Missing("It may have been moved."), 404, "It may have been moved."),
        (Invalid({"due": "14 November is in the past."}), 422, "14 November is in the past."),
        (Refusal("It could not be read."), 400, "It could not be read."),
    ],
)
class TestEveryRefusal:
    def test_is_a_page_for_a_browser(self, refusal: Refusal, status: int, words: str) -> None:
        response = refused(request(), refusal)
        assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert words in response.content.decode()

    def test_is_a_toast_that_swaps_nothing_for_htmx(self, refusal: Refusal, status: int, words: str) -> None:
        response = refused(request(htmx=True), refusal)
        assert (response.status_code, response["HX-Reswap"]) == (status, "none")
        text = response.content.decode()
        assert 'hx-swap-oob="beforeend:#toasts"' in text
        assert words in text

    def test_is_problem_json_for_a_program(self, refusal: Refusal, status: int, words: str) -> None:
        response = refused(request(accept="application/json"), refusal)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        body = json.loads(response.content)
        assert (body["status"], body["detail"]) == (status, words)


def test_a_problem_names_wrong_fields_and_possible_moves() -> None:
    wrong = json.loads(
        refused(request(accept="application/json"), Invalid({"due": ["In the past."]})).content
    )
    assert wrong["errors"] == {"due": ["In the past."]}
    body = json.loads(refused(request(accept="application/json"), KEPT).content)
    assert (body["type"], body["allowed"], body["missing"]) == (
        "urn:relman:problem:conflict",
        ["reopen"],
        ["a reason"],
    )


def test_the_words_of_a_refusal_are_escaped() -> None:
    assert b"<script>" not in refused(request(), NotAllowed("<script>")).content
    assert b"<script>" not in refused(request(htmx=True), NotAllowed("<script>")).content


def middleware() -> RefusalMiddleware:
    return RefusalMiddleware(lambda _request: HttpResponse("fine"))


def test_the_middleware_lets_answers_through() -> None:
    assert middleware()(request()).content == b"fine"


def test_the_middleware_answers_refusals() -> None:
    answer = middleware().process_exception(request(), KEPT)
    assert answer is not None
    assert answer.status_code == 409


def test_an_unforeseen_failure_gets_a_reference_that_the_page_and_the_log_share() -> None:
    broken = request()
    assert middleware().process_exception(broken, ZeroDivisionError()) is None
    reference = broken.META["relman.reference"]
    assert len(reference) == 6
    assert reference in views.server_error(broken).content.decode()


def test_an_htmx_request_that_must_sign_in_leaves_for_the_sign_in_page(client: Client, db: None) -> None:
    page = "http://testserver/customers/?q=oak"
    response = client.get("/styleguide/options/", headers={"hx-request": "true", "hx-current-url": page})
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fcustomers%2F%3Fq%3Doak"
    assert response.content == b""


def test_an_ordinary_redirect_of_an_htmx_request_is_left_alone() -> None:
    onward = RefusalMiddleware(lambda _request: HttpResponseRedirect("/customers/"))
    assert onward(request(htmx=True))["Location"] == "/customers/"


@pytest.mark.parametrize("exception", [Http404(), PermissionDenied()])
def test_django_s_own_refusals_need_no_reference(exception: Exception) -> None:
    asked = request()
    assert middleware().process_exception(asked, exception) is None
    assert "relman.reference" not in asked.META


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.permission_denied, 403),
        (views.page_not_found, 404),
        (views.csrf_failed, 403),
        (views.server_error, 500),
    ],
)
def test_every_error_page_has_its_status(view: Callable[[HttpRequest], HttpResponse], status: int) -> None:
    assert view(request()).status_code == status


def test_a_failure_is_plain_words_for_htmx() -> None:
    response = views.server_error(request(htmx=True))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().strip() == "That did not work, and nothing was changed."


def test_a_fragment_carries_its_pieces_its_toast_and_its_events() -> None:
    response = fragment(
        request(htmx=True),
        "core/styleguide/icons.html",
        {"icons": ["check"]},
        also=['<b id="n" hx-swap-oob="true">3</b>'],
        toast=Toast("Two commitments added.", "Call logged", undo="/undo/"),
        events={"logged": {"id": 7}},
    )
    text = response.content.decode()
    assert response["HX-Trigger"] == '{"logged": {"id": 7}}'
    assert [text.index(x) for x in ("sg-icons", 'id="n"', "beforeend:#toasts")] == sorted(
        text.index(x) for x in ("sg-icons", 'id="n"', "beforeend:#toasts")
    )
    assert 'action="/undo/"' in text


def test_done_sends_a_plain_form_on_with_the_toast_waiting() -> None:
    sent = request()
    response = done(sent, to="/next/", toast=Toast("It is due.", "Noted"))
    assert (response.status_code, response["Location"]) == (302, "/next/")
    assert [str(message) for message in sent._messages] == ["Noted. It is due."]  # type: ignore[attr-defined]  # set above


def test_done_sends_htmx_on_when_there_are_no_pieces() -> None:
    response = done(request(htmx=True), to="/next/")
    assert (response.status_code, response["HX-Redirect"], response.content) == (200, "/next/", b"")


def test_done_with_pieces_closes_the_dialog_and_swaps_only_them() -> None:
    response = done(request(htmx=True), to="/next/", also=["<b>3</b>"], toast=Toast("Kept."))
    assert (response["HX-Reswap"], response["HX-Trigger"]) == ("none", '{"dialog:close": true}')
    assert response.content.decode().startswith("\n<b>3</b>")


@pytest.fixture
def signed_in(client: Client, db: None) -> Client:
    client.force_login(make_user())
    return client


def test_an_unknown_address_keeps_the_frame(signed_in: Client) -> None:
    response = signed_in.get("/nothing-here/")
    assert response.status_code == 404
    assert 'class="side"' in response.content.decode()


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_a_refusal_below_a_view_arrives_with_its_status(signed_in: Client, status: int) -> None:
    assert signed_in.post(reverse("styleguide_refusal", args=[status])).status_code == status


def test_the_style_guide_is_for_people_who_are_signed_in(client: Client, settings: Any, db: None) -> None:
    settings.LOGIN_URL = "/come-in/"
    assert client.get(reverse("styleguide"))["Location"] == "/come-in/?next=/styleguide/"


def test_the_style_guide_shows_every_component(signed_in: Client) -> None:
    response = signed_in.get(reverse("styleguide"))
    assert response.status_code == 200
    assert len(response.content) > 50_000


def test_the_picker_s_options_are_those_that_match(signed_in: Client) -> None:
    text = signed_in.get(reverse("styleguide_options"), {"specimen_q": "care"}).content.decode()
    assert text.count('role="option"') == 1
    assert "Pennine <mark>Care</mark> Homes" in text


def test_a_picker_offers_to_create_what_it_does_not_find(signed_in: Client) -> None:
    text = signed_in.get(reverse("styleguide_options"), {"specimen_q": "zzz"}).content.decode()
    assert 'data-create="zzz"' in text


def test_a_dialog_comes_back_with_its_errors_and_goes_with_its_success(signed_in: Client) -> None:
    address = reverse("styleguide_dialog")
    assert signed_in.get(address).status_code == 200
    assert signed_in.post(address, {}).status_code == 422
    right = {"promised": "Trays", "due": "2027-01-05", "direction": "ours", "owner": "tom"}
    assert signed_in.post(address, right)["Location"] == reverse("styleguide")
