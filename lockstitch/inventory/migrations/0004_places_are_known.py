"""Every row has its location from here on."""

import django.db.models.deletion
from django.db import migrations

import lockstitch.tenancy.models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_carry_over")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="location",
            field=lockstitch.tenancy.models.TenantKey(
                db_constraint=False, db_index=False, related_name="+",
                on_delete=django.db.models.deletion.PROTECT, to="inventory.location",
            ),
        )
        for model in ("stock", "movement")
    ]
