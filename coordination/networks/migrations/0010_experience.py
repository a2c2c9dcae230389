from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

METHODS = [
    ("portal", "Measured by the portal"), ("typed", "Typed in"), ("experience", "Experience of an activity"),
]  # fmt: skip
FIGURES = ("download_mbps", "upload_mbps", "latency_ms", "jitter_ms", "loss_percent")


def forget_experiences(apps, schema_editor):
    """The schema before knows levels from figures alone."""
    assessments = apps.get_model("networks", "Assessment").objects.filter(method="experience")
    assessments.update(method="typed", level=None)


def measured():
    condition = Q(level=None) | Q(method="experience") | Q(technology="none")
    for name in FIGURES:
        condition |= Q(**{f"{name}__isnull": False})
    return condition


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("networks", "0009_outage_lists")]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="method",
            field=models.CharField(choices=METHODS, default="typed", max_length=10, verbose_name="method"),
        ),
        migrations.RemoveConstraint(model_name="assessment", name="assessment_method_is_known"),
        migrations.RemoveConstraint(model_name="assessment", name="assessment_level_follows_from_figures"),
        AddConstraintNotValid(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=Q(method__in=["portal", "typed", "experience"]), name="assessment_method_is_a_known_one"
            ),
        ),
        AddConstraintNotValid(
            model_name="assessment",
            constraint=models.CheckConstraint(condition=measured(), name="assessment_level_follows_from_something"),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_experiences),
    ]
