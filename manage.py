#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from django.core.management import execute_from_command_line

from portal import environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Pages are cut off when a query takes too long; a migration or an import may take the time it needs.
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")
    environment.load_or_exit()
    execute_from_command_line(sys.argv)
