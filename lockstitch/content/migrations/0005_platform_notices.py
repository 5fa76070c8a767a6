import django.db.models.functions.datetime
from django.db import migrations, models

import lockstitch.tenancy.models


class Migration(migrations.Migration):
    dependencies = [("content", "0004_inquiries")]

    operations = [
        migrations.CreateModel(
            name="PlatformNotice",
            fields=[
                ("id", models.UUIDField(db_default=lockstitch.tenancy.models.Uuid7(), primary_key=True, serialize=False)),
                ("case_id", models.UUIDField()),
                ("revision", models.PositiveSmallIntegerField()),
                ("title", models.JSONField(default=dict)),
                ("body", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case_id", "revision"), name="platform_notice_revision")],
            },
        ),
    ]
