from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("offices", "0005_known_roles_of_invitations")]

    operations = [
        ValidateConstraint("invitation", name="invitation_role_is_known"),
    ]
