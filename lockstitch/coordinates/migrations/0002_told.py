"""Pages that show a coordinate, a story or a look are told when it changes: these change seldom, so
that all pages of their site may go."""

from django.db import migrations

SHOWN = (
    "coordinates_coordinate", "coordinates_shot", "coordinates_piece", "coordinates_hotspot",
    "coordinates_author", "content_document", "content_medium",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("coordinates", "0001_initial"),
        ("content", "0004_inquiries"),
        ("search", "0003_kept"),
    ]
    operations = [
        migrations.RunSQL(
            [f"SELECT page_watch('{table}')" for table in SHOWN], migrations.RunSQL.noop
        )
    ]
