"""A product's page changes when a review of it is shown, taken back or replied to."""

from django.db import migrations

TOLD = """
CREATE FUNCTION review_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM page_touch(site_id, array_agg(DISTINCT 'p:' || product_id)) FROM added
    GROUP BY site_id;
    RETURN NULL;
END $$;
CREATE TRIGGER page_old AFTER UPDATE ON feedback_review REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION review_told();
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_voices"), ("search", "0003_kept")]
    operations = [migrations.RunSQL(TOLD, "DROP FUNCTION review_told CASCADE;")]
