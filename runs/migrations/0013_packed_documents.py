"""The large texts of executions are kept compressed, so that writing the small columns beside them costs little."""

from django.db import migrations, models

from runs.models.fields import PackedTextField


def pack(apps, schema_editor):
    executions = apps.get_model("runs", "Execution").objects.using(schema_editor.connection.alias)
    for one in executions.only("definition", "layout").iterator(chunk_size=20):
        executions.filter(pk=one.pk).update(packed_definition=one.definition, packed_layout=one.layout)


def unpack(apps, schema_editor):
    executions = apps.get_model("runs", "Execution").objects.using(schema_editor.connection.alias)
    for one in executions.only("packed_definition", "packed_layout").iterator(chunk_size=20):
        executions.filter(pk=one.pk).update(definition=one.packed_definition, layout=one.packed_layout)


class Migration(migrations.Migration):
    dependencies = [("runs", "0012_queues_and_callbacks")]

    operations = [
        migrations.AddField("execution", "packed_definition", PackedTextField(default="")),
        migrations.AddField("execution", "packed_layout", PackedTextField(default="{}")),
        migrations.RunPython(pack, unpack),
        migrations.AlterField("execution", "definition", models.TextField(default="")),  # for the way back
        migrations.RemoveField("execution", "definition"),
        migrations.RemoveField("execution", "layout"),
        migrations.RenameField("execution", "packed_definition", "definition"),
        migrations.RenameField("execution", "packed_layout", "layout"),
        migrations.AlterField("execution", "definition", PackedTextField()),
    ]
