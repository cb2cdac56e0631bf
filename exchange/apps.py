from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the audit log how to say what this app records in it, and the navigation where duplicates are."""
        from accounts.enums import Permission
        from accounts.registry import registry
        from exchange.operations.contact_export import write_cards
        from exchange.operations.dismissals import carry_dismissals
        from exchange.operations.retention import take_files, take_runs
        from exchange.queries.retention import due_files, due_runs, file_line, files_seen, run_line, runs_seen
        from relationships.enums import Carry
        from relationships.registry import Carried, ListFormat, Place, Retained
        from relationships.registry import registry as kernel

        registry.add_audit_words(AUDIT_WORDS)
        kernel.add_place(Place(_("Imports"), "/imports/", "upload", Permission.IMPORT_DATA, position=85))
        kernel.add_carried(
            Carried("exchange.ContactCard", "party"),
            Carried("exchange.DuplicateCandidate", "first", Carry.ASIDE),
            Carried("exchange.DuplicateCandidate", "second", Carry.ASIDE),
        )
        kernel.add_merge_step(carry_dismissals)
        kernel.add_retained(
            Retained("imports", due_runs, take_runs, runs_seen, run_line),
            Retained("uploads", due_files, take_files, files_seen, file_line),
        )
        kernel.add_list_format(ListFormat("vcf", "vCard", "text/vcard; charset=utf-8", write_cards))
        kernel.add_place(
            Place(_("Duplicates"), "/duplicates/", "git-merge", Permission.IMPORT_DATA, position=90)
        )


AUDIT_WORDS = {
    "import_run": _("Import run"),
    "import_reverted": _("Import reverted"),
    "held_row_corrected": _("Held row corrected and imported"),
    "contacts_exported": _("Contacts exported"),
    "duplicate_dismissed": _("Two parties said not to be the same"),
    "sample_removed": _("Sample data removed"),
}
