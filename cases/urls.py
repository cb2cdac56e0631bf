"""The addresses of cases."""

from django.urls import path

from cases.views import cases, mail_desks, mail_filing, mails, moves, policies, questions, queue, unresolved

ONE = "cases/<int:case_id>/"
ASKED = f"{ONE}questions/<int:question_id>/"

urlpatterns = [
    path("cases/", queue.case_list, name="case_list"),
    path("cases/unresolved/", unresolved.unresolved, name="unresolved"),
    path("cases/targets/", policies.targets, name="case_targets"),
    path("cases/targets/edit/", policies.targets_edit, name="case_targets_edit"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/mail/", mail_filing.mail_list, name="mail_to_match"),
    path("cases/mail/<int:mail_id>/", mail_filing.mail_match, name="mail_match"),
    path("cases/mail/<int:mail_id>/settling/", mail_filing.mail_settle, name="mail_settle"),
    path("cases/mailboxes/", mail_desks.desk_list, name="mail_desks"),
    path("cases/mailboxes/<int:mailbox_id>/", mail_desks.desk_edit, name="mail_desk"),
    path("cases/mailboxes/<int:mailbox_id>/ending/", mail_desks.desk_end, name="mail_desk_end"),
    path(ONE, cases.case_detail, name="case_detail"),
    path(f"{ONE}edit/", cases.case_edit, name="case_edit"),
    path(f"{ONE}assignment/", cases.case_assign, name="case_assign"),
    path(f"{ONE}received-mail/", mail_filing.received_mails, name="case_received_mails"),
    path(f"{ONE}received-mail/<int:mail_id>/", mail_filing.received_mail, name="case_received_mail"),
    path(f"{ONE}messages/", cases.case_say, name="case_say"),
    path(f"{ONE}questions/new/", questions.question_new, name="question_new"),
    path(f"{ASKED}edit/", questions.question_edit, name="question_edit"),
    path(f"{ASKED}transitions/<slug:name>/", questions.question_move, name="question_move"),
    path(f"{ONE}mails/", mails.case_mail, name="case_mail"),
    path(f"{ONE}transitions/<slug:name>/", moves.case_move, name="case_move"),
]
