"""What is said with those who write about the company and those who live with it; `{product}` is the matter."""

from exchange.operations.demo.talk import Line

PRESS = {
    "steady": (
        Line(
            "call",
            "in",
            "Enquiry",
            "{person} is writing about {product}, deadline {day}. Answered on the record with what is approved; good, fair talk.",
        ),
        Line(
            "email",
            "in",
            "Question before the deadline",
            "Could you let me have two sentences on {product} by {day}? A picture would be great as well.",
            ours="Send two approved sentences and a picture",
        ),
        Line(
            "email",
            "out",
            "News",
            "Our news on {product} is attached, free to print from {day}. Happy to answer questions until six.",
        ),
        Line(
            "meeting",
            "mutual",
            "Coffee with the desk",
            "Background talk with {person} about {product}. They understood the numbers well; nothing off the record.",
            follow_up="Ask whether the piece is coming",
        ),
        Line(
            "email",
            "in",
            "Printed",
            "Thank you for the quick help, the piece on {product} is out today. Readers liked it.",
        ),
        Line(
            "visit",
            "in",
            "Visit to the depot",
            "Showed {person} the depot and {product}. Impressed by how little is thrown away.",
            ours="Send the figures on waste",
        ),
    ),
    "complaint": (
        Line(
            "email",
            "in",
            "Wrong figures",
            "The figures on {product} that you gave us were wrong and we had to print a correction. That is embarrassing and must not happen again.",
            severity=4,
            ours="Say in writing how the wrong figure came about",
        ),
        Line(
            "call",
            "in",
            "Deadline missed",
            "{person} is angry: our answer on {product} came a day after the deadline, so the story ran without us.",
            severity=2,
            ours="Name somebody who can answer within two hours",
        ),
        Line(
            "email",
            "in",
            "Embargo",
            "You gave {product} to a competitor first, although an embargo was agreed. We feel badly treated.",
            severity=4,
            ours="Explain who had it when",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "in",
            "Still no answer",
            "We go to press tonight. Still nothing from you on {product}; we will write that you did not comment.",
        ),
        Line(
            "call",
            "in",
            "Rang again",
            "{person} rang again, annoyed. No longer sure that it is worth asking us.",
            follow_up="Get the answer approved",
        ),
    ),
    "resolving": (
        Line(
            "meeting",
            "mutual",
            "Meeting with the editor",
            "Met the editor with {person}. Owned the mistake on {product}, agreed one number to call that always answers. Good end.",
        ),
        Line(
            "email",
            "out",
            "Put right",
            "The right figures on {product} are attached with their source. Sorry once more; the check is now done by two people.",
        ),
    ),
    "cooling": (
        Line(
            "email",
            "out",
            "News",
            "Sent the news on {product}. No answer so far.",
            follow_up="Ask whether they got the news",
        ),
        Line(
            "call",
            "out",
            "Nobody there",
            "Called the desk; {person} has moved on or is away, nobody could say.",
            follow_up="Find out who has the beat now",
        ),
    ),
    "prospect": (
        Line(
            "call",
            "out",
            "Introduced ourselves",
            "Introduced ourselves to {person}; they cover {product} and want to be told early.",
            follow_up="Send the next news to {person}",
        ),
        Line(
            "email",
            "in",
            "Glad to know you",
            "Good to know whom to ask about {product}. Thank you for calling.",
        ),
    ),
}

COMMUNITY = {
    "steady": (
        Line(
            "meeting",
            "mutual",
            "Regular meeting",
            "Regular meeting with {person}: {product} is on its way, everybody content with the progress.",
            ours="Send the minutes and the dates",
        ),
        Line(
            "email",
            "in",
            "Question from a member",
            "One of our members asks about {product}. Could you tell us when it starts?",
            ours="Answer with a date",
        ),
        Line(
            "call",
            "out",
            "Before the work starts",
            "Told {person} what happens with {product} on {day} and whom to call if it is loud. Thanked us for telling them first.",
        ),
        Line(
            "visit",
            "mutual",
            "Walk on the spot",
            "Walked along with {person} and looked at {product}. Good ideas on both sides.",
            theirs="Send the names of those who want to be told",
            follow_up="Ask for the names",
        ),
        Line(
            "email",
            "in",
            "Thank you",
            "Thank you for keeping us informed about {product}, that is appreciated here.",
        ),
        Line(
            "meeting",
            "in",
            "Open evening",
            "{number} neighbours came to the open evening. Fair questions on {product}, every one written down.",
            ours="Answer every question of the evening in writing",
        ),
    ),
    "complaint": (
        Line(
            "email",
            "in",
            "Concern raised",
            "Your {product} is a serious problem for us. People cannot sleep, and nobody from your company has been here. This is unacceptable.",
            severity=4,
            ours="Measure at night and say what will be done",
        ),
        Line(
            "meeting",
            "in",
            "Angry meeting",
            "{number} people, angry about {product}. They feel ignored; two spoke of going to court.",
            severity=4,
            ours="Come back with a measure and a date",
        ),
        Line(
            "call",
            "in",
            "Promise not kept",
            "{person} complained that what was promised on {product} last year has still not been done.",
            severity=2,
            ours="Find out what is missing and finish it",
        ),
    ),
    "chasing": (
        Line(
            "email",
            "in",
            "Still nothing",
            "We are still waiting. Nothing has changed with {product}, and the council has been asked to act.",
        ),
        Line(
            "call",
            "in",
            "Asked again",
            "{person} asked again for the measurements; disappointed, and says that trust is going.",
            follow_up="Send the measurements",
        ),
    ),
    "resolving": (
        Line(
            "meeting",
            "mutual",
            "Measure agreed",
            "Agreed the measure on {product} with {person}: done within the month, checked together. Relieved, and friendly again.",
        ),
        Line(
            "email",
            "out",
            "Done, and measured",
            "The measure on {product} is in place and the numbers are attached, before and after. Thank you for your patience; please call if it comes back.",
        ),
    ),
    "cooling": (
        Line(
            "email",
            "out",
            "Invitation",
            "Invited {person} to the open evening on {day}. No answer so far.",
            follow_up="Call about the invitation",
        ),
        Line(
            "call",
            "out",
            "Nobody in",
            "Tried {person} twice; the office is being newly filled.",
            follow_up="Find out who is in charge now",
        ),
    ),
    "prospect": (
        Line(
            "meeting",
            "mutual",
            "First meeting",
            "Met {person} for the first time; they follow {product} and want to be asked early.",
            follow_up="Invite them to the next open evening",
        ),
        Line(
            "email",
            "in",
            "Glad you came",
            "It was good to meet you. We would like to hear more about {product}.",
        ),
    ),
}
