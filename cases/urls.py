"""The addresses of cases."""

from django.urls import path

from cases.views import cases, moves, queue

ONE = "cases/<int:case_id>/"

urlpatterns = [
    path("cases/", queue.case_list, name="case_list"),
    path("cases/new/", cases.case_new, name="case_new"),
    path(ONE, cases.case_detail, name="case_detail"),
    path(f"{ONE}edit/", cases.case_edit, name="case_edit"),
    path(f"{ONE}assignment/", cases.case_assign, name="case_assign"),
    path(f"{ONE}messages/", cases.case_say, name="case_say"),
    path(f"{ONE}transitions/<slug:name>/", moves.case_move, name="case_move"),
]
