"""Which set a line was bought as a piece of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_buyer_mark")]
    operations = [
        migrations.AddField("orderline", "set_id", models.UUIDField(null=True)),
        migrations.AddField("orderline", "set_group", models.UUIDField(null=True)),
        migrations.AddField("orderline", "set_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("orderline", "set_name", models.JSONField(default=dict)),
        migrations.AddField("orderline", "set_hidden", models.BooleanField(default=False)),
    ]
