from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('messaging', '0005_take_mail_in')]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(choices=[('held_back', 'Not sent yet: it can still be taken back'), ('waiting', 'On its way to the mail server'), ('accepted', 'Accepted by the mail server'), ('refused', 'Refused by the mail server'), ('kept', 'Kept on the sent mail page; nothing left this machine'), ('bounced', 'Came back'), ('suppressed', 'Not sent: this address gets no mail from us'), ('taken_back', 'Not sent: it was taken back'), ('stopped', 'Not sent')], max_length=10),
        ),
    ]
