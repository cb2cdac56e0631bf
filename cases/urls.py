"""The addresses of cases."""

from django.urls import path

from cases.views import cases, moves, questions, queue, unresolved

ONE = "cases/<int:case_id>/"
ASKED = f"{ONE}questions/<int:question_id>/"

urlpatterns = [
    path("cases/", queue.case_list, name="case_list"),
    path("cases/unresolved/", unresolved.unresolved, name="unresolved"),
    path("cases/new/", cases.case_new, name="case_new"),
    path(ONE, cases.case_detail, name="case_detail"),
    path(f"{ONE}edit/", cases.case_edit, name="case_edit"),
    path(f"{ONE}assignment/", cases.case_assign, name="case_assign"),
    path(f"{ONE}messages/", cases.case_say, name="case_say"),
    path(f"{ONE}questions/new/", questions.question_new, name="question_new"),
    path(f"{ASKED}edit/", questions.question_edit, name="question_edit"),
    path(f"{ASKED}transitions/<slug:name>/", questions.question_move, name="question_move"),
    path(f"{ONE}transitions/<slug:name>/", moves.case_move, name="case_move"),
]
