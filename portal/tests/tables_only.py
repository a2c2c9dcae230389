"""Prepares a demo for the tests of its processes: the tables, and none of the data that take long to load."""

import sys

from portal.serving import prepare

prepare.STEPS = tuple(step for step in prepare.STEPS if step[1] in ("migrate", "createcachetable"))

if __name__ == "__main__":
    sys.exit(prepare.main())
