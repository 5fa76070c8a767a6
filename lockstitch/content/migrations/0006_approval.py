from django.db import migrations, models
from django.db.models import Q

KINDS = ('feature', 'news', 'page', 'home', 'theme', 'faq', 'banners', 'law', 'opening', 'approval')


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0005_platform_notices'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='document', name='document_kind'),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=Q(kind__in=KINDS), name='document_kind'),
        ),
    ]
