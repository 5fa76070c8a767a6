"""The day promised for a line that is made to order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_amounts_watched")]
    operations = [
        migrations.AddField("orderline", "ships_on", models.DateField(null=True)),
    ]
