import datetime

from django.db import migrations

# Public reports on the mergers of January 2022 and April 2025, and the ministry's lists of 2020 (docs/data.md).
IOH_FROM = datetime.date(2022, 1, 4)
XLSMART_FROM = datetime.date(2025, 4, 16)
BEFORE_IOH = datetime.date(2022, 1, 3)
BEFORE_XLSMART = datetime.date(2025, 4, 15)
OPERATORS = [
    # name, from, to, successor
    ("Telkomsel", None, None, None),
    ("Indosat Ooredoo Hutchison (IM3, Tri)", IOH_FROM, None, None),
    ("XLSMART (XL, AXIS, Smartfren)", XLSMART_FROM, None, None),
    ("Indosat Ooredoo (IM3)", None, BEFORE_IOH, "Indosat Ooredoo Hutchison (IM3, Tri)"),
    ("Hutchison 3 Indonesia (Tri)", None, BEFORE_IOH, "Indosat Ooredoo Hutchison (IM3, Tri)"),
    ("XL Axiata (XL, AXIS)", None, BEFORE_XLSMART, "XLSMART (XL, AXIS, Smartfren)"),
    ("Smartfren", None, BEFORE_XLSMART, "XLSMART (XL, AXIS, Smartfren)"),
    ("IndiHome", None, None, None),
    ("Iconnet (PLN Icon Plus)", None, None, None),
    ("Biznet", None, None, None),
    ("Starlink", datetime.date(2024, 5, 1), None, None),
    ("BAKTI (VSAT, SATRIA-1)", None, None, None),
    ("Lainnya", None, None, None),
]


def add(apps, schema_editor):
    operator = apps.get_model("networks", "Operator")
    for name, valid_from, valid_to, successor in OPERATORS:
        operator.objects.create(
            name=name,
            valid_from=valid_from,
            valid_to=valid_to,
            successor=operator.objects.filter(name=successor).first(),
        )


def remove(apps, schema_editor):
    operator = apps.get_model("networks", "Operator")
    operator.objects.update(successor=None)
    operator.objects.filter(name__in=[row[0] for row in OPERATORS]).delete()


class Migration(migrations.Migration):
    dependencies = [("networks", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
