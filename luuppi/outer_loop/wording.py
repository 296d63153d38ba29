"""Texts that exist in several languages: as sent (one string, or one for each language) and as kept."""

from luuppi.capture.drafts import clean_text
from luuppi.people.models import Organisation


def by_language(text: str | dict[str, str] | None, organisation: Organisation) -> dict[str, str]:
    """{"fi": …}: a plain string is in the organisation's language; empty ones are left out."""
    if text is None:
        return {}
    given = {organisation.language[:2]: text} if isinstance(text, str) else text
    return {language[:2]: clean for language, words in given.items() if words and (clean := clean_text(words))}


def in_language(texts: dict[str, str], language: str, *, otherwise: str = "") -> str:
    """The text in this language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), otherwise)
