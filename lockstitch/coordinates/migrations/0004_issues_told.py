"""Pages that show an issue of the magazine are told when it changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coordinates", "0003_issues"), ("search", "0003_kept")]
    operations = [
        migrations.RunSQL("SELECT page_watch('coordinates_issue')", migrations.RunSQL.noop)
    ]
