from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editor', '0002_published_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='checked_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
    ]
