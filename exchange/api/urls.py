"""Addresses of imports and duplicates in the API."""

from django.urls import URLPattern, path

from core.uploads import takes_files
from exchange.api import duplicates, exchange, held_rows, import_files

ONE = "imports/<int:import_id>/"
FILES = "imports/files/"
FILE = f"{FILES}<int:job_id>/"

urlpatterns: list[URLPattern] = [
    path("imports/", exchange.Imports.as_view()),
    path("imports/offers/", import_files.Offers.as_view()),
    path(FILES, import_files.ImportFiles.as_view()),
    path(f"{FILES}uploads/", takes_files("IMPORT_MAX_BYTES")(import_files.ImportUploads.as_view())),
    path(FILE, import_files.ImportFile.as_view()),
    path(f"{FILE}preview/", import_files.FilePreview.as_view()),
    path(f"{FILE}trial/", import_files.Trial.as_view()),
    path(f"{FILE}carrying-out/", import_files.CarryingOut.as_view()),
    path(ONE, exchange.OneImport.as_view()),
    path(f"{ONE}rows/", exchange.ImportedRows.as_view()),
    path(f"{ONE}reversal/", exchange.Reversal.as_view()),
    path(f"{ONE}held-rows/", held_rows.HeldRows.as_view()),
    path("held-rows/<int:held_id>/", held_rows.OneHeldRow.as_view()),
    path("held-rows/<int:held_id>/corrections/", held_rows.Corrections.as_view()),
    path("duplicates/", duplicates.Duplicates.as_view()),
    path("duplicates/<int:candidate_id>/", duplicates.OneDuplicate.as_view()),
    path("duplicates/<int:candidate_id>/dismissal/", duplicates.Dismissal.as_view()),
]
