"""What is said, as templates: `{product}`, `{person}`, `{day}` and `{number}` are filled in. All text is ours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One thing said. `who` is "in", "out" or "mutual"; `then` names the promise or the step that follows."""

    channel: str
    who: str
    subject: str
    body: str
    ours: str = ""
    theirs: str = ""
    follow_up: str = ""
    severity: int = 0


CUSTOMER = {
    "steady": (
        Line(
            "call",
            "out",
            "Weekly order",
            "{person} confirmed the weekly order. {product} is selling well; they want {number} cases again.",
            follow_up="Call about next week's order",
        ),
        Line(
            "email",
            "in",
            "Repeat order",
            "Please send {number} cases of {product} with the {day} delivery as usual. Thank you, everything arrived in good order last time.",
        ),
        Line(
            "email",
            "out",
            "Order confirmed",
            "Confirmed {number} cases of {product} for {day}. The driver will call ahead.",
        ),
        Line(
            "meeting",
            "mutual",
            "Quarterly review",
            "Went through the quarter with {person}. Happy with service and range. Agreed to test two new lines on the counter.",
            ours="Send samples of two new lines",
            follow_up="Ask how the samples went",
        ),
        Line(
            "call",
            "in",
            "Delivery slot",
            "{person} asked to move the {day} slot to before nine. Agreed, dispatch has been told.",
            ours="Confirm the early slot in writing",
        ),
        Line(
            "visit",
            "out",
            "Store visit",
            "Visited the shop. Good display, {product} at eye level. {person} would like recipe cards by the till.",
            ours="Send recipe cards for the counter",
        ),
        Line(
            "email",
            "in",
            "Price list",
            "Could you send the new price list before {day}? We are planning the next season.",
            ours="Send the new price list",
        ),
        Line(
            "note",
            "out",
            "Market note",
            "A second delicatessen opened in the same street; {person} is not worried but wants sharper prices on {product}.",
        ),
        Line(
            "call",
            "out",
            "Forecast",
            "{person} expects about {number} cases a week until the new year.",
            theirs="Send the season's forecast",
        ),
        Line(
            "message",
            "in",
            "Quick thanks",
            "Great service this morning, thank you. The {product} is excellent.",
        ),
    ),
    "complaint": (
        Line(
            "email",
            "in",
            "Damaged delivery",
            "The {day} delivery was damaged again: {number} cases of {product} crushed and leaking. This is the second time and it is really disappointing.",
            severity=4,
            ours="Replace the damaged cases free of charge",
        ),
        Line(
            "call",
            "in",
            "Late delivery",
            "{person} is angry: the delivery came four hours late and the kitchen had no {product} for lunch.",
            severity=4,
            ours="Explain in writing why the delivery was late",
        ),
        Line(
            "email",
            "in",
            "Invoice wrong",
            "Your invoice is wrong, we were charged for {number} cases of {product} that were never delivered. Please sort this out.",
            severity=2,
            ours="Issue a credit note",
        ),
        Line(
            "email",
            "in",
            "Short dates",
            "The {product} had only five days left. We cannot sell that. Who is responsible for this?",
            severity=2,
            ours="Collect the short-dated stock",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "in",
            "Still waiting",
            "I am still waiting for an answer about the {product}. Nobody called me back and this is a problem for us.",
        ),
        Line(
            "call",
            "in",
            "Asked again",
            "{person} asked for the third time. Disappointed that nobody called back and thinking about another supplier.",
        ),
        Line(
            "email",
            "in",
            "No reply",
            "Is anybody reading these messages? We have a bad feeling about the next season.",
        ),
    ),
    "resolving": (
        Line(
            "call",
            "out",
            "Apology",
            "Apologised to {person} and explained what went wrong. The replacement was delivered yesterday; they are pleased that it is sorted.",
        ),
        Line(
            "email",
            "out",
            "What we changed",
            "The pallets are now wrapped twice and loaded last. Your replacement of {number} cases arrived on {day}. Thank you for your patience.",
        ),
        Line(
            "email",
            "in",
            "Resolved",
            "Thank you for resolving this so quickly. The replacement arrived on time and in perfect condition.",
        ),
        Line(
            "meeting",
            "mutual",
            "After the complaint",
            "Sat down with {person}. They appreciate the fast answer and want to carry on; we agreed one named contact.",
            ours="Name one contact for all deliveries",
        ),
    ),
    "cooling": (
        Line(
            "call",
            "out",
            "No answer",
            "Left a message for {person}. No call back yet.",
            follow_up="Try {person} again",
        ),
        Line(
            "email",
            "out",
            "Season range",
            "Sent the season range with a note on {product}. No reply so far.",
            follow_up="Ask whether the range arrived",
        ),
        Line(
            "email",
            "in",
            "Smaller order",
            "Only {number} cases of {product} this time, we still have stock. Budgets are tight.",
        ),
        Line(
            "call",
            "mutual",
            "Careful",
            "{person} was polite but short. They compare prices with another wholesaler, worried about margins.",
            theirs="Say whether the contract is renewed",
        ),
    ),
    "prospect": (
        Line(
            "meeting",
            "mutual",
            "First meeting",
            "First meeting with {person}. Interested in {product} and two deliveries a week.",
            ours="Send an opening offer",
            follow_up="Ask about the opening offer",
        ),
        Line("email", "out", "Opening offer", "Sent an opening offer on {number} cases of {product}."),
    ),
}

SUPPLIER = {
    "steady": (
        Line(
            "call",
            "out",
            "Weekly plan",
            "{person} confirmed {number} pallets of {product} for {day}.",
            theirs="Deliver {number} pallets by {day}",
        ),
        Line(
            "email",
            "in",
            "Dispatch advice",
            "{number} pallets of {product} left this morning, arrival on {day}. Everything is on time.",
        ),
        Line(
            "email",
            "out",
            "Order",
            "Please confirm {number} pallets of {product} for week after next.",
            theirs="Confirm the order",
        ),
        Line(
            "meeting",
            "mutual",
            "Supplier review",
            "Reviewed the quarter with {person}. Deliveries reliable, quality good. They would like a longer forecast from us.",
            ours="Send a twelve-week forecast",
            follow_up="Check that the forecast helped",
        ),
        Line(
            "video",
            "mutual",
            "New range",
            "{person} showed the new range. {product} fits our autumn list well.",
            theirs="Send samples of the new range",
        ),
        Line(
            "email",
            "in",
            "Statement",
            "Our statement for last month is attached. Two invoices fall due on {day}.",
            ours="Pay the two open invoices",
        ),
        Line(
            "visit",
            "out",
            "Plant visit",
            "Visited the plant. Clean, well run, good stock of {product}. {person} is open about capacity.",
        ),
        Line(
            "call",
            "in",
            "Price talk",
            "{person} announced a price rise on {product} from next quarter and offered a bridge for open orders.",
            ours="Answer the price proposal",
            follow_up="Prepare the price talk",
        ),
    ),
    "complaint": (
        Line(
            "email",
            "out",
            "Short delivery",
            "The {day} delivery of {product} was {number} cases short. Please tell us when the rest arrives.",
            severity=2,
            theirs="Deliver the missing cases",
        ),
        Line(
            "call",
            "out",
            "Quality",
            "Told {person} that two pallets of {product} failed the inspection. They were defensive and upset.",
            severity=4,
            theirs="Report the cause of the quality fault",
        ),
        Line(
            "email",
            "in",
            "Unpaid invoice",
            "Our invoice is overdue by 12 days. This is the second late payment and we are disappointed.",
            severity=4,
            ours="Pay the overdue invoice",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "out",
            "Where is it",
            "We are still waiting for the {product}. Please call back today.",
            theirs="Give a firm delivery date",
        ),
        Line(
            "call",
            "in",
            "Payment again",
            "{person} asked again when the invoice is paid. Angry, but still polite.",
        ),
    ),
    "resolving": (
        Line(
            "email",
            "in",
            "Delivered",
            "The missing {number} cases of {product} were delivered this morning. Sorry for the delay and thank you for your patience.",
        ),
        Line(
            "call", "out", "Settled", "Settled the matter with {person}: credit agreed, relations good again."
        ),
        Line(
            "email",
            "out",
            "Paid",
            "Both invoices were paid today. Sorry that it took so long; the approval now has a deputy.",
        ),
    ),
    "cooling": (
        Line(
            "email",
            "out",
            "Forecast",
            "Sent the forecast for {product}. No answer so far.",
            follow_up="Ask for an answer to the forecast",
        ),
        Line(
            "call",
            "out",
            "No answer",
            "Tried {person} twice, nobody called back.",
            follow_up="Try {person} again",
        ),
    ),
    "prospect": (
        Line(
            "meeting",
            "mutual",
            "Introduction",
            "Met {person} at the trade fair. {product} could replace a line that we lose.",
            theirs="Send samples and a price list",
            follow_up="Taste the samples",
        ),
    ),
}

REPLIES_OUT = (
    ("Thank you, this is sorted. I have put it on the plan for {day}.", 1),
    ("Thanks for letting us know. I am looking into it and will call you on {day}.", 0),
    ("Done. Please tell me if anything else is missing.", 1),
)
REPLIES_IN = (
    ("Thank you, that works well for us.", 1),
    ("Received, thanks. We will come back to you by {day}.", 0),
    ("Perfect, thank you for the quick answer.", 1),
)
