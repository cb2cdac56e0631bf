"""The addresses of import, export and sample data."""

from django.urls import path

from exchange.views import duplicates, held_rows, import_jobs, imports, sample

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", import_jobs.import_new, name="import_new"),
    path("imports/files/<int:job_id>/", import_jobs.import_job, name="import_job"),
    path("imports/files/<int:job_id>/columns/", import_jobs.import_columns, name="import_columns"),
    path("imports/files/<int:job_id>/preview/", import_jobs.import_preview, name="import_preview"),
    path("imports/files/<int:job_id>/progress/", import_jobs.import_progress, name="import_progress"),
    path("imports/files/<int:job_id>/trial/", import_jobs.import_trial, name="import_trial"),
    path("imports/files/<int:job_id>/carrying-out/", import_jobs.import_carry_out, name="import_carry_out"),
    path("imports/held/<int:held_id>/", held_rows.held_correct, name="held_correct"),
    path("imports/<int:import_id>/held/", held_rows.held_list, name="held_list"),
    path("imports/<int:import_id>/held.csv", held_rows.held_download, name="held_download"),
    path("imports/<int:import_id>/rows/<slug:done_to>/<slug:what>/", imports.import_rows, name="import_rows"),
    path("imports/<int:import_id>/reversal/", imports.import_reversal, name="import_reversal"),
    path("imports/<int:import_id>/reversal/progress/", imports.reversal_progress, name="reversal_progress"),
    path("imports/<int:import_id>/", imports.import_detail, name="import_detail"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:candidate_id>/", duplicates.duplicate_compare, name="duplicate_compare"),
    path("duplicates/<int:candidate_id>/dismissal/", duplicates.duplicate_dismiss, name="duplicate_dismiss"),
    path("administration/sample/", sample.sample, name="sample"),
    path("administration/sample/removal/", sample.sample_remove, name="sample_remove"),
]
