"""What is found as a promise in running text, and what must not be."""

from datetime import date

import pytest

from analytics.promises import MOST, find_promises

TODAY = date(2026, 3, 18)  # a Wednesday
FRIDAY, TOMORROW = date(2026, 3, 20), date(2026, 3, 19)
THEIR_NAMES = ("Ana Ruiz",)

FOUND = [
    ("We will send the quote by Friday", "ours", "Send the quote", FRIDAY),
    ("I'll call back tomorrow", "ours", "Call back", TOMORROW),
    ("they will pay by the 5th", "theirs", "Pay", date(2026, 4, 5)),
    ("I’ll call her back tomorrow morning.", "ours", "Call her back", TOMORROW),
    ("We'll have it ready", None, "", None),
    ("we shall deliver 240 trays before 3 May", "ours", "Deliver 240 trays", date(2026, 5, 3)),
    ("She'll get back to us next week", "theirs", "Get back to us next week", None),
    ("He will sign on Monday at the latest", "theirs", "Sign", date(2026, 3, 23)),
    ("We are going to replace the pump within 2 weeks", "ours", "Replace the pump", date(2026, 4, 1)),
    ("we're going to visit them on 2026-04-02", "ours", "Visit them", date(2026, 4, 2)),
    ("I'm going to check the invoice today", "ours", "Check the invoice", TODAY),
    ("They promised to pay by end of month", "theirs", "Pay", date(2026, 3, 31)),
    ("They have agreed to settle the matter by the end of the week.", "theirs", "Settle the matter", FRIDAY),
    ("We've promised to refund the freight", "ours", "Refund the freight", None),
    ("By Friday we will send photos of the site", "ours", "Send photos of the site", FRIDAY),
    ("Tomorrow I'll ring the warehouse", "ours", "Ring the warehouse", TOMORROW),
    ("Good talk. They were happy. We will also send samples by 27 March.", "ours", "Send samples",
     date(2026, 3, 27)),
    ("We will send by Friday the full price list", "ours", "Send the full price list", FRIDAY),
    ("Ana will send the contract by Friday", "theirs", "Send the contract", FRIDAY),
    ("Ana Ruiz will confirm the date tomorrow", "theirs", "Confirm the date", TOMORROW),
    ("We will send the report by 5pm", "ours", "Send the report by 5pm", TODAY),
    ("I will write up the offer this afternoon", "ours", "Write up the offer", TODAY),
    ("I'll send it first thing tomorrow", "ours", "Send it", TOMORROW),
    ("We will reply no later than Friday", "ours", "Reply", FRIDAY),
    ("They will pay the invoice by 03/04", "theirs", "Pay the invoice by 03/04", None),
    ("We will deliver the rest by EOD", "ours", "Deliver the rest", TODAY),
    ("They will pay us on the 18th.", "theirs", "Pay us", TODAY),
    ("We will pay by the 31st", "ours", "Pay", date(2026, 3, 31)),
    ("we will call them in the next 3 days", "ours", "Call them", date(2026, 3, 21)),
    ("We also will then definitely ship the spare parts", "ours", "Ship the spare parts", None),
    ("They said they will pay by Friday", "theirs", "Pay", FRIDAY),
    ("We will look into it by Friday", "ours", "Look into it", FRIDAY),
    ("We will meet on 13/04 in Leeds", "ours", "Meet in Leeds", date(2026, 4, 13)),
    ("They asked for a quote, we will send it by Friday", "ours", "Send it", FRIDAY),
    ("We will pay the last invoice by Friday", "ours", "Pay the last invoice", FRIDAY),
    ("- We will send the minutes (all of them) by Friday!", "ours", "Send the minutes all of them", FRIDAY),
]  # fmt: skip

NOT_FOUND = [
    "We will see",
    "We'll see on Friday",
    "Will they pay by Friday?",
    "Can you confirm that they will pay by Friday?",
    "We won't send the quote by Friday",
    "They will not pay by Friday",
    "They will never pay by the 5th",
    "I don't think they will pay by Friday",
    "Not sure we will deliver by Friday",
    "Hopefully we will send the quote by Friday",
    "We will send the quote by Friday if they sign",
    "They asked whether we will deliver by Friday",
    "If they sign, we will send it by Friday",
    "They wonder when we will call",
    "We sent the quote on Friday",
    "We would send the quote by Friday",
    "They said they would pay by the 5th",
    "Last week we said we will call on Friday",
    "They had promised to pay by Friday",
    "We were going to send it by Friday",
    'He wrote "we will send the quote by Friday"',
    "He wrote: “We will send the quote by Friday.”",
    "> We will send the quote by Friday",
    "Thanks.\nOn 3 March 2026 Ana Ruiz wrote:\nWe will send the quote by Friday",
    "Fine.\n-----Original Message-----\nWe will send the quote by Friday",
    "Regards\n--\nWe will answer you by tomorrow",
    "They will be closed on Friday",
    "We will send it by 2026-03-01",
    "They will probably pay by Friday",
    "We will always deliver on Fridays",
    "They will be happy",
    "We will have a problem by Friday",
    "It will arrive by Friday",
    "The price will rise on 1 May",
    "Bob will send the contract by Friday",
    "I will",
    "We will fit sun blinds",
    "We will find the 5th one",
    "We will try to send it by Friday",
    "They will have had it yesterday",
    "We will grow on the 5th floor",
    "We will move the racks by the 45th",
    "We will move the racks by the 31/31",
    "we will move by bus",
    "we will move within",
    "",
]


@pytest.mark.parametrize(("text", "side", "what", "due"), FOUND)
def test_a_promise_is_found_with_its_side_its_deed_and_its_day(
    text: str, side: str | None, what: str, due: date | None
) -> None:
    found = [
        (str(promise.side), promise.what, promise.due) for promise in find_promises(text, TODAY, THEIR_NAMES)
    ]
    assert found == ([(side, what, due)] if side else [])


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_is_no_promise_is_not_found(text: str) -> None:
    assert find_promises(text, TODAY, THEIR_NAMES) == []


def test_both_sides_of_a_sentence_are_found_with_their_places() -> None:
    text = "We will send the quote by Friday and they will pay by the 5th, but we will not wait."
    found = find_promises(text, TODAY)
    assert [(promise.side, promise.what) for promise in found] == [
        ("ours", "Send the quote"),
        ("theirs", "Pay"),
    ]
    assert [text[promise.start : promise.end] for promise in found] == [
        "We will send the quote by Friday",
        "they will pay by the 5th",
    ]


def test_places_are_those_of_the_text_even_below_quotations() -> None:
    text = '"Fine", she wrote.\n> old words\nWe’ll send it by Friday.'
    (promise,) = find_promises(text, TODAY)
    assert text[promise.start : promise.end] == "We’ll send it by Friday."


def test_a_long_text_gives_its_first_promises_and_no_endless_words() -> None:
    assert len(find_promises("We will pay. " * 20, TODAY)) == MOST
    (long,) = find_promises("We will send " + "very " * 200 + "much", TODAY)
    assert len(long.what) == 300


@pytest.mark.parametrize(
    ("today", "number", "due"),
    [(date(2026, 1, 31), 30, date(2026, 3, 30)), (date(2026, 2, 1), 29, date(2026, 3, 29))],
)
def test_a_month_without_that_day_is_passed_over(today: date, number: int, due: date) -> None:
    (promise,) = find_promises(f"We will pay by the {number}th", today)
    assert promise.due == due
