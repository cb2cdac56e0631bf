"""What is said with those who own the company and those who work in it; `{product}` is the matter at hand."""

from exchange.operations.demo.talk import Line

INVESTOR = {
    "steady": (
        Line(
            "call",
            "in",
            "Question on the report",
            "{person} asked about {product} in the last report. Answered from page {number} of what is published; content with that.",
        ),
        Line(
            "email",
            "in",
            "Two questions",
            "Thank you for the clear report. Could you point us to the note on {product}, and to the figures by region?",
            ours="Send the page numbers that answer both questions",
        ),
        Line(
            "meeting",
            "mutual",
            "Investor meeting",
            "Met {person} after the results. They like the steady progress; main interest {product}. Nothing beyond what is public was said.",
            ours="Invite them to see the depot",
            follow_up="Ask how the meeting was received",
        ),
        Line(
            "email",
            "out",
            "Results published",
            "The results are out, to all holders at the same minute. A call for questions is on {day} at ten; small holders are welcome.",
        ),
        Line(
            "call",
            "out",
            "Register looked at",
            "Went through the register with {person}: holding unchanged, {product} is what they follow.",
            follow_up="Look at the register again",
        ),
        Line("email", "in", "Thanks", "Thank you for the quick and helpful answer, much appreciated."),
    ),
    "complaint": (
        Line(
            "email",
            "in",
            "Not told in time",
            "We read about {product} in the papers before we heard it from you. That is not acceptable for a holder of our size, and it is very disappointing.",
            severity=4,
            ours="Explain who was told when, from the log",
        ),
        Line(
            "email",
            "in",
            "Questions unanswered",
            "This is the third time that we ask about {product}. Nobody answers. Is there a problem that you do not want to speak about?",
            severity=2,
            ours="Answer the open questions from published sources",
        ),
        Line(
            "call",
            "in",
            "Angry about the meeting",
            "{person} is angry: the meeting with the board was cancelled twice and {product} was not even mentioned.",
            severity=2,
            ours="Fix a new meeting with the managing director",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "in",
            "Still waiting",
            "We are still waiting for an answer on {product}. Our committee meets on {day} and will decide without it.",
        ),
        Line(
            "call",
            "in",
            "Asked again",
            "{person} asked again; disappointed that the promised answer has not come. They are thinking about selling.",
            follow_up="Have the answer approved today",
        ),
    ),
    "resolving": (
        Line(
            "meeting",
            "mutual",
            "Meeting with the managing director",
            "Ruth met {person}: apologised for the silence, went through {product} line by line. They were glad about the open words.",
        ),
        Line(
            "email",
            "out",
            "Every question answered",
            "All questions on {product} are answered, with the page of the report beside each. From now on answers go out within two working days.",
        ),
    ),
    "cooling": (
        Line(
            "email",
            "out",
            "Invitation",
            "Invited {person} to the call on {day}. No answer so far.",
            follow_up="Call about the invitation",
        ),
        Line(
            "call",
            "out",
            "Not reached",
            "Tried {person} twice; the assistant took a note.",
            follow_up="Try {person} again",
        ),
    ),
    "prospect": (
        Line(
            "meeting",
            "mutual",
            "First talk",
            "Met {person} at a conference. Interested in {product}; sent what is public.",
            follow_up="Ask what they thought of the report",
        ),
        Line(
            "email",
            "in",
            "More about the company",
            "Interesting company. Please put us on the list for the results and tell us where to read about {product}.",
        ),
    ),
}

STAFF = {
    "steady": (
        Line(
            "meeting",
            "mutual",
            "One-to-one",
            "Good talk with {person}. {product} goes well; likes the new rota and the team. No complaints.",
            follow_up="Ask how {product} went",
        ),
        Line(
            "meeting",
            "mutual",
            "One-to-one",
            "{person} would like to learn more about {product}. Agreed to try it for {number} weeks.",
            ours="Find a place on the course",
        ),
        Line(
            "message",
            "in",
            "Shift",
            "Could I swap my shift on {day}? Happy to work late another day, thank you.",
        ),
        Line(
            "message",
            "out",
            "Well done",
            "Thank you for {day}: the whole team noticed how well you handled {product}.",
        ),
        Line(
            "meeting",
            "mutual",
            "Quarter looked back on",
            "Went through the quarter with {person}: proud of {product}, wants a say in how the next one is planned.",
            ours="Bring the plan to the next one-to-one",
        ),
    ),
    "complaint": (
        Line(
            "meeting",
            "in",
            "Grievance: overtime",
            "{person} is upset: {number} hours of overtime are still not paid, and {product} was planned without asking the team. Feels treated badly.",
            severity=4,
            ours="Have the overtime paid with the next run",
        ),
        Line(
            "email",
            "in",
            "Working conditions",
            "The heating in the hall is still broken and it is awful to work there. I have reported it three times and nobody cares.",
            severity=2,
            ours="Have the heating repaired",
        ),
        Line(
            "meeting",
            "in",
            "Grievance: tone",
            "{person} complained about the tone in the hall; being shouted at about {product} in front of others was humiliating.",
            severity=4,
            ours="Hear everybody who was there",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "in",
            "Asked again",
            "I still have not heard anything about what I raised. Was it a mistake to say something?",
        ),
        Line(
            "meeting",
            "mutual",
            "Tense one-to-one",
            "{person} is disappointed that nothing happened and hardly spoke. Mentioned looking around.",
            follow_up="Decide today and tell {person} why",
        ),
    ),
    "resolving": (
        Line(
            "meeting",
            "mutual",
            "Settled",
            "Told {person} what was decided and why; apologised that it took so long. Relieved, and glad that it was taken seriously.",
        ),
        Line(
            "message",
            "out",
            "Done",
            "It is done as promised. Thank you for raising it; please tell me at once if it comes back.",
        ),
    ),
    "cooling": (
        Line(
            "message",
            "out",
            "One-to-one moved",
            "Sorry, I have to move our one-to-one again; let us try on {day}.",
            follow_up="Hold the one-to-one with {person}",
        ),
        Line(
            "meeting",
            "mutual",
            "Short talk",
            "Ten minutes only. {person} says all is fine, but was quiet and tired.",
            ours="Take an hour next week",
        ),
    ),
    "prospect": (
        Line(
            "meeting",
            "mutual",
            "First week",
            "End of the first week with {person}: welcomed well, a pass is still missing.",
            ours="Get the pass",
        ),
        Line("message", "in", "First days", "Thank you for the warm welcome, I feel at home already."),
    ),
}
