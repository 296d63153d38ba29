"""Finnish as it is spoken and typed (puhekieli), put into the letters of a dictionary: "töykeetä" töykeää, "huonoo" huonoa, "tullu" tullut."""

from __future__ import annotations

import re

# An ending as it is spoken, and what it may stand for in writing. The longest that fits comes first.
_ENDINGS = (
    (re.compile(r"ee(?:ta|tä)$"), ("eaa", "eää")),
    (re.compile(r"ee$"), ("ea", "eä", "eaa", "eää")),
    (re.compile(r"oo$"), ("oa",)),
    (re.compile(r"öö$"), ("öä",)),
    (re.compile(r"uu$"), ("ua",)),
    (re.compile(r"yy$"), ("yä",)),
    (re.compile(r"ii$"), ("ia", "iä")),
    (re.compile(r"(?<=[nlrs])([uy])$"), (r"\1t",)),  # saanu, tullu, purru, päässy
)


def written_forms(word: str) -> list[str]:
    """How a spoken Finnish word in lower case may be written in a dictionary, likeliest first; [] where it does not look spoken.

    Many are no words at all: look up each. Source: own table of the commonest differences of spoken Finnish, after
    Iso suomen kielioppi (2004), §§ 27–31 (vowel sequences) and § 529 (participles).
    """
    plain = word.replace("vv", "v")  # "hyvvää": the long v of the eastern dialects
    forms = [plain] if plain != word else []
    for ending, stands_for in _ENDINGS:
        if len(plain) > 4 and ending.search(plain):
            return forms + [ending.sub(one, plain) for one in stands_for]
    return forms
