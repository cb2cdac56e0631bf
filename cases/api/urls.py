"""Addresses of cases in the API."""

from django.urls import URLPattern, path

from cases.api import cases, questions

ONE = "cases/<int:case_id>/"

urlpatterns: list[URLPattern] = [
    path("cases/", cases.Cases.as_view()),
    path(ONE, cases.OneCase.as_view()),
    path(f"{ONE}messages/", cases.CaseMessages.as_view()),
    path(f"{ONE}questions/", questions.CaseQuestions.as_view()),
    path(f"{ONE}transitions/", cases.CaseMoves.as_view()),
    path("questions/", questions.Questions.as_view()),
    path("questions/<int:question_id>/", questions.OneQuestion.as_view()),
    path("questions/<int:question_id>/transitions/", questions.QuestionMoves.as_view()),
]
