"""What people read where personal data was blocked out, in the language of the text: "[phone]" is for programs, "[puhelin]" for whoever reads."""

import re

_WORDS = {
    "fi": {
        "identity_code": "henkilötunnus",
        "iban": "tilinumero",
        "card": "kortin numero",
        "email": "sähköposti",
        "phone": "puhelin",
        "plate": "rekisterinumero",
        "address": "osoite",
        "name": "nimi",
    },
    "sv": {
        "identity_code": "personnummer",
        "iban": "kontonummer",
        "card": "kortnummer",
        "email": "e-post",
        "phone": "telefon",
        "plate": "registreringsnummer",
        "address": "adress",
        "name": "namn",
    },
    "en": {"identity_code": "identity code", "iban": "account", "card": "card number", "email": "e-mail", "plate": "number plate"},
}
_MASK = re.compile(r"\[(identity_code|iban|card|email|phone|plate|address|name)\]")


def in_words(masked_text: str, language: str) -> str:
    """The text with its masks in its language: "soita [phone]" → "soita [puhelin]". "" stays "".

    A language that is not known gets the English words.
    """
    words = _WORDS.get(language, _WORDS["en"])
    return _MASK.sub(lambda mask: f"[{words.get(mask[1], mask[1])}]", masked_text)
