"""The first part of the style sheet inside the sign-in page: who opens the portal cold waits one round trip less."""

import base64
import hashlib
import re
from functools import cache

from django.conf import settings

MARK = "/* Up to here the sign-in page carries the styles"
COMMENT, INDENT = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*\n\s*")


@cache
def inlined():
    """What stands in the page, without comments and line breaks."""
    text = (settings.BASE_DIR / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    return INDENT.sub("\n", COMMENT.sub("", text.partition(MARK)[0])).strip()


@cache
def permission():
    """What the content security policy must say so that browsers take exactly these styles."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inlined().encode()).digest()).decode()}'"
