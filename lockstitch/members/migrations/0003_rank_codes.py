"""A ladder may lose a rank: changes name it by its code. And a ladder is written as a whole."""

from django.db import migrations, models
from django.db.models import Deferrable


class Migration(migrations.Migration):
    dependencies = [("members", "0002_points_and_ranks")]

    operations = [
        migrations.RemoveField("rankchange", "was"),
        migrations.RemoveField("rankchange", "became"),
        migrations.AddField("rankchange", "was", models.CharField(blank=True, default="", max_length=30), preserve_default=False),
        migrations.AddField("rankchange", "became", models.CharField(blank=True, default="", max_length=30), preserve_default=False),
        migrations.RemoveConstraint("rank", "rank_level"),
        migrations.RemoveConstraint("rank", "rank_threshold"),
        migrations.AddConstraint(
            "rank",
            models.UniqueConstraint(
                fields=["site", "level"], name="rank_level", deferrable=Deferrable.DEFERRED
            ),
        ),
        migrations.AddConstraint(
            "rank",
            models.UniqueConstraint(
                fields=["site", "threshold"], name="rank_threshold", deferrable=Deferrable.DEFERRED
            ),
        ),
    ]
