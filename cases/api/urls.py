"""Addresses of cases in the API."""

from django.urls import URLPattern, path

from cases.api import cases, mail_filing, mails, policies, questions

ONE = "cases/<int:case_id>/"

urlpatterns: list[URLPattern] = [
    path("cases/", cases.Cases.as_view()),
    path("cases/mail/", mail_filing.WaitingMail.as_view()),
    path("cases/mail/<int:mail_id>/dismissals/", mail_filing.Dismissals.as_view()),
    path("cases/mail/<int:mail_id>/matchings/", mail_filing.Matchings.as_view()),
    path("cases/mail/<int:mail_id>/readings/", mail_filing.Readings.as_view()),
    path("cases/mailboxes/", mail_filing.Desks.as_view()),
    path("cases/mailboxes/<int:mailbox_id>/desks/", mail_filing.MailboxDesks.as_view()),
    path("cases/mailboxes/<int:mailbox_id>/endings/", mail_filing.DeskEndings.as_view()),
    path(ONE, cases.OneCase.as_view()),
    path(f"{ONE}messages/", cases.CaseMessages.as_view()),
    path(f"{ONE}questions/", questions.CaseQuestions.as_view()),
    path(f"{ONE}mails/", mails.CaseMails.as_view()),
    path(f"{ONE}received-mail/", mail_filing.CaseReceivedMail.as_view()),
    path(f"{ONE}transitions/", cases.CaseMoves.as_view()),
    path("case-targets/", policies.Policies.as_view()),
    path("questions/", questions.Questions.as_view()),
    path("questions/<int:question_id>/", questions.OneQuestion.as_view()),
    path("questions/<int:question_id>/transitions/", questions.QuestionMoves.as_view()),
]
