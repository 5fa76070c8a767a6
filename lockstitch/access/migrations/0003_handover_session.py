"""A sign-in on its way lives a minute: those of before are dropped, and signed in again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_sessions_from")]
    operations = [
        migrations.RunSQL("DELETE FROM access_handover", migrations.RunSQL.noop),
        migrations.AddField("handover", "session_id", models.UUIDField(default=None), False),
    ]
