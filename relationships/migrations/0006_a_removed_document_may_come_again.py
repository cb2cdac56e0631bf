from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Both new constraints follow from the one that goes: no row and no older code can be refused by them."""

    dependencies = [
        ("relationships", "0005_documents_are_removed_and_access_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='document',
            name='a_document_once_per_relationship',
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('confidentiality__lte', 1), ('removed_at', None)), fields=('relationship', 'sha256'), name='an_open_document_once_per_relationship'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('relationship', 'sha256', 'uploaded_by'), name='a_document_once_per_relationship_and_uploader'),
        ),
    ]
