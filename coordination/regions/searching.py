"""The words under which a region is found, and how a typed text becomes a query over them."""

import re
import unicodedata

# Words that stand before names of the lower tiers and would match tens of thousands of regions.
KIND_WORDS = {"desa", "kelurahan", "kel", "kecamatan", "kec", "distrik", "provinsi", "prov"}
SYNONYMS = {"kabupaten": "kab", "kotamadya": "kota"}
LEADING_KIND = re.compile(rf"^(?:{'|'.join([*KIND_WORDS, *SYNONYMS, *SYNONYMS.values()])})\b\.?\s+", re.IGNORECASE)
MOST_WORDS, LONGEST_WORD = 8, 40


def storable(text):
    """The text without what PostgreSQL cannot take: NUL, and halves of characters, which JSON may bring."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def words(text):
    """The text in lower case without accents, as words; a code with dots stays one word."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    found = re.findall(r"\d+(?:\.\d+)*|[a-z0-9]+", plain)
    return [SYNONYMS.get(word, word) for word in found]


def lexemes(name, code, *, above=()):
    """The words under which a region is found: its name, its code with and without dots, the places above it."""
    found = {code, code.replace(".", ""), *words(name)}
    for text in above:
        found.update(word for word in words(text) if word not in ("kab", "kota"))
    return sorted(found)


def whole_names(text):
    """The names, in capitals, that the text may be the whole of: "bandung" is all of Kab. Bandung's."""
    bare = LEADING_KIND.sub("", storable(" ".join(text[:400].split())), count=1)
    return [f"{kind}{bare}".upper() for kind in ("", "Kab. ", "Kota ")]


def tsquery(text):
    """A raw PostgreSQL query in which every word may still be unfinished; None if the text has no usable word."""
    typed = words(text[:400])[:MOST_WORDS]
    telling = [word[:LONGEST_WORD] for word in typed if word not in KIND_WORDS] or typed
    if not telling or all(len(word) < 2 for word in telling):
        return None
    return " & ".join(f"'{word}':*" for word in telling)
