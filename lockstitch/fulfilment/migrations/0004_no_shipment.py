from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0003_carry_over")]

    operations = [migrations.DeleteModel(name="Shipment")]
