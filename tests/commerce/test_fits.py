"""The published fits from ingested purchases; refusals in words; what is in use."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.operations.workspace import Workspace
from commerce.models import ModelFit, OrderLine
from commerce.operations.fits import fit_model, model_in_use, modelled_kinds, refit_all
from commerce.operations.nightly import refit_missing
from commerce.queries.purchase_history import purchases_until, spend_until
from core.refusals import Invalid
from relationships.models import Relationship
from tests.factories import NOW, make_order, make_relationship

pytestmark = pytest.mark.django_db

UNTIL = date(1997, 9, 30)
PUBLISHED = {
    "bg-nbd": ({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.43, 2357),
    "mbg-nbd": ({"r": 0.5248, "alpha": 6.1831, "a": 0.8914, "b": 1.6140}, -9582.136, 2357),
    "pareto-nbd": ({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9594.976, 2357),
    "gamma-gamma": ({"p": 6.25, "q": 3.74, "gamma": 15.44}, -4055.92, 946),
}


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("fit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_published_fits(cdnow: None) -> None:
    for model, (parameters, log_likelihood, customers) in PUBLISHED.items():
        printed = json.loads(said(model, "--until", "1997-09-30", "--json"))
        assert set(printed) == {"model", "customers", "until", "parameters", "log_likelihood"}
        assert (printed["model"], printed["customers"], printed["until"]) == (model, customers, "1997-09-30")
        assert printed["parameters"] == pytest.approx(parameters, rel=2e-3)
        assert printed["log_likelihood"] == pytest.approx(log_likelihood, abs=0.01)
    assert not ModelFit.objects.exists()


def test_the_command_prints_lines_for_people_and_keeps_on_request(cdnow: None) -> None:
    lines = said("bg-nbd", "--until", "1997-09-30", "--keep").splitlines()
    assert lines[0] == "bg-nbd of 2,357 customers until 1997-09-30"
    assert lines[1].split() == ["r", "0.2426"]
    assert lines[-1] == "  log-likelihood -9582.429"
    kept = model_in_use(kind="customers", model="bg-nbd")
    assert kept is not None
    assert (kept.customers, kept.until_date) == (2357, UNTIL)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["magic"], "“magic” is not known; it can be bg-nbd, mbg-nbd, pareto-nbd, gamma-gamma."),
        (
            ["bg-nbd", "--kind", "dragons"],
            "“dragons” is not known; it can be customers, suppliers, investors, press, community, staff.",
        ),
        (["bg-nbd", "--until", "soon"], "--until soon: this is not a day; write it as 1997-09-30."),
        (["bg-nbd", "--until", "1897-09-30"], "--until 1897-09-30: days lie between 1900 and 2100."),
        (["bg-nbd"], "Not enough evidence: 0 with purchases, at least 500 are needed."),
    ],
)
def test_the_command_says_why_there_is_no_fit(workspace: Workspace, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as raised:
        said(*arguments)
    assert str(raised.value) == words


def test_a_refused_fit_is_kept_and_leaves_the_last_good_one_in_use(cdnow: None) -> None:
    good = fit_model(model="mbg-nbd", kind="customers", until=UNTIL, now=NOW)
    OrderLine.objects.filter(relationship__external_ref__gt="04000").delete()
    left = purchases_until(kind="customers", until=UNTIL).customers
    refused = fit_model(model="mbg-nbd", kind="customers", until=UNTIL, now=NOW + timedelta(days=7))
    assert (refused.outcome, refused.customers, refused.parameters) == ("refused", left, {})
    assert refused.reason == f"Not enough evidence: {left} with purchases, at least 500 are needed."
    assert model_in_use(kind="customers", model="mbg-nbd") == good


def test_spend_that_depends_on_frequency_refuses_gamma_gamma(cdnow: None) -> None:
    frequent = Relationship.objects.filter(purchases__purchase_days__gt=6)
    for line in OrderLine.objects.filter(relationship__in=frequent):
        line.amount *= 20
        line.save()
    refused = fit_model(model="gamma-gamma", kind="customers", until=UNTIL, now=NOW)
    assert (refused.outcome, refused.currency) == ("refused", "USD")
    assert refused.reason.startswith("Spend depends on how often they buy (correlation 0.")


def test_every_modelled_kind_is_fitted_when_a_model_is_missing(cdnow: None) -> None:
    assert modelled_kinds() == ["customers"]
    assert [(fit.model, fit.outcome) for fit in refit_missing(now=NOW)] == [
        ("mbg-nbd", "accepted"),
        ("bg-nbd", "accepted"),
        ("gamma-gamma", "accepted"),
    ]
    assert refit_missing(now=NOW) == []
    assert len(refit_all(now=NOW)) == 3


def test_a_fit_of_what_is_unknown_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Invalid, match="“magic” is not known"):
        fit_model(model="magic", kind="customers", until=UNTIL, now=NOW)


def test_what_the_models_see_of_purchases(workspace: Workspace) -> None:
    buyer, supplier = make_relationship(), make_relationship("suppliers")
    contract = make_relationship(revenue_type="contractual")
    day = date(2026, 1, 5)
    for relationship in (buyer, supplier, contract):
        for later, amount in ((0, 100), (7, 20), (7, 10), (14, -5), (21, 0)):
            make_order(relationship, day + timedelta(days=later), amount)
    make_order(buyer, day + timedelta(days=28), 50, side="we_buy")
    make_order(make_relationship(), day + timedelta(days=60), 5)
    seen = purchases_until(kind="customers", until=day + timedelta(days=35))
    assert [array.tolist() for array in (seen.x, seen.t_x, seen.age, seen.count)] == [[2], [3], [5], [1]]
    spend = spend_until(kind="customers", until=day + timedelta(days=35))
    assert spend.summary.spend is not None
    assert (spend.currency, spend.summary.spend.tolist()) == ("GBP", [15.0])


def test_a_history_without_purchases_is_empty(workspace: Workspace) -> None:
    assert purchases_until(kind="customers", until=UNTIL).customers == 0
    assert spend_until(kind="customers", until=UNTIL).currency == ""
