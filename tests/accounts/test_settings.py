"""What somebody settles for themselves: profile, zone, colours, keys, sessions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.middleware import ViewerMiddleware
from accounts.models import AuditEntry, User
from accounts.operations.preferences import choose_appearance, edit_profile
from accounts.operations.sessions import end_other_sessions, end_session
from accounts.queries.sessions import describe, sessions_of
from core.places import countries, time_zones, time_zones_by_region
from core.refusals import Conflict, Invalid, Missing
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 Version/26 Safari/604.1"


def test_the_profile_is_ones_own() -> None:
    user = make_user("representative")
    edited = edit_profile(
        actor=user, name=" Ann  Lee ", job_title="Buyer", time_zone="Asia/Tokyo", language="de", now=NOW
    )
    assert (edited.pk, edited.name, edited.job_title, edited.time_zone) == (
        user.pk,
        "Ann Lee",
        "Buyer",
        "Asia/Tokyo",
    )
    assert AuditEntry.objects.get().verb == "profile_edited"


def test_wrong_values_are_named() -> None:
    user = make_user(name="Ann")
    with pytest.raises(Invalid) as refusal:
        edit_profile(actor=user, name="", job_title="x" * 121, time_zone="", language="tlh", now=NOW)
    assert refusal.value.errors == {
        "name": ["Write a name."],
        "job_title": ["At most 120 characters; this has 121."],
        "time_zone": ["“” is not a time zone."],
        "language": ["“tlh” is no language that is spoken here."],
    }
    with pytest.raises(Invalid) as refusal:
        choose_appearance(actor=user, theme="pink", keys_on=True)
    assert refusal.value.errors == {"theme": ["“pink” is not a theme."]}


def test_every_time_of_a_request_is_in_the_viewers_zone() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(timezone.localtime(NOW).isoformat())

    request = RequestFactory().get("/")
    request.user = User(time_zone="Asia/Tokyo")
    assert ViewerMiddleware(page)(request).content == b"2026-03-18T19:00:00+09:00"
    assert timezone.get_current_timezone() != ZoneInfo("Asia/Tokyo")


def test_the_pages_save_profile_and_appearance(client: Client) -> None:
    user = make_user("representative", name="Ann")
    client.force_login(user)
    assert client.get("/settings/").status_code == 200
    form = {"name": "Ann Lee", "job_title": "", "time_zone": "Asia/Tokyo"}
    assert client.post("/settings/", form).headers["Location"] == "/settings/"
    assert client.post("/settings/", {**form, "time_zone": "Mars"}).status_code == 422
    assert client.post("/settings/", {**form, "name": "\x07"}).status_code == 422
    page = client.get("/settings/appearance/").content.decode()
    assert '<html lang="en-gb">' in page
    answer = client.post("/settings/appearance/", {"theme": "dark"})
    assert answer.headers["Location"] == "/settings/appearance/"
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.theme, user.keys_on) == ("Ann Lee", "Asia/Tokyo", "dark", False)
    page = client.get("/settings/appearance/").content.decode()
    assert '<html lang="en-gb" data-theme="dark" data-keys="off">' in page
    assert client.post("/settings/appearance/", {"theme": "pink"}).status_code == 422


def test_a_name_that_the_operation_refuses_stands_beside_its_field(client: Client) -> None:
    client.force_login(make_user())
    form = {"name": "Ann\u202eeeL", "job_title": "", "time_zone": "UTC"}
    answer = client.post("/settings/", form)
    assert (answer.status_code, "cannot be shown" in answer.content.decode()) == (422, True)


def browser(user: User, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.force_login(user)
    client.get("/settings/")
    return client


def test_sessions_are_listed_in_words_and_this_one_first() -> None:
    user = make_user()
    browser(user, SAFARI)
    here = browser(user, FIREFOX)
    browser(make_user(), FIREFOX)
    found = sessions_of(user, here=str(here.session.session_key), now=timezone.now())
    assert [(session.words, session.is_phone, session.is_here) for session in found] == [
        ("Firefox on Windows", False, True),
        ("Safari on iPhone", True, False),
    ]
    page = here.get("/settings/sessions/").content.decode()
    assert ("Safari on iPhone" in page, "This browser" in page, "127.0.0.1" in page) == (True, True, True)


def test_a_session_that_ran_out_is_not_listed() -> None:
    user = make_user()
    browser(user, FIREFOX)
    assert sessions_of(user, here="", now=timezone.now() + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("agent", "words"), [("", "Unknown browser"), ("curl/8", "Unknown browser"), ("Edg/140", "Edge")]
)
def test_what_a_browser_does_not_say_is_not_made_up(agent: str, words: str) -> None:
    assert describe(agent) == words


def test_one_other_browser_is_signed_out(client: Client) -> None:
    user = make_user()
    phone, here = browser(user, SAFARI), browser(user, FIREFOX)
    other = UserSession.objects.get(session_key=phone.session.session_key)
    assert here.post(f"/settings/sessions/{other.pk}/ending/").headers["Location"] == "/settings/sessions/"
    assert (phone.get("/settings/").status_code, here.get("/settings/").status_code) == (302, 200)
    assert here.post(f"/settings/sessions/{other.pk}/ending/").status_code == 404
    own = UserSession.objects.get(session_key=here.session.session_key)
    assert here.post(f"/settings/sessions/{own.pk}/ending/").status_code == 409
    assert AuditEntry.objects.filter(verb="session_ended").count() == 1


def test_nobody_signs_out_somebody_else() -> None:
    theirs = browser(make_user(), FIREFOX)
    session = UserSession.objects.get()
    with pytest.raises(Missing):
        end_session(actor=make_user("administrator"), session_id=session.pk, here="", now=NOW)
    assert theirs.get("/settings/").status_code == 200
    with pytest.raises(Conflict):
        end_session(actor=session.user, session_id=session.pk, here=session.session_key, now=NOW)


def test_every_other_browser_is_signed_out() -> None:
    user = make_user()
    phone, here = browser(user, SAFARI), browser(user, FIREFOX)
    stranger = browser(make_user(), FIREFOX)
    assert here.post("/settings/sessions/others/ending/").headers["Location"] == "/settings/sessions/"
    assert [each.get("/settings/").status_code for each in (phone, here, stranger)] == [302, 200, 200]
    assert AuditEntry.objects.get(verb="other_sessions_ended").data == {"sessions": 1}
    assert end_other_sessions(actor=user, here=str(here.session.session_key), now=NOW) == 0


def test_places_have_names() -> None:
    assert (len(countries()), countries()["GB"], countries()["DE"]) == (249, "United Kingdom", "Germany")
    assert (time_zones()["America/Argentina/Salta"], time_zones()["Europe/London"]) == (
        "Argentina, Salta",
        "London",
    )
    regions = time_zones_by_region()
    assert (next(iter(regions)), regions[""], "Europe/Paris" in regions["Europe"]) == (
        "",
        {"UTC": "UTC"},
        True,
    )
