"""The parts of what a customer wrote: an answer to each question is a text of its own, about something else than the next one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from luuppi.capture.models import FeedbackItem
from luuppi.language import masking
from luuppi.language.masking import Span

SPOKEN = ("fi", "sv", "en")  # the languages whose texts are read, sorted and searched
LONGEST = 20_000  # characters of a text that are read; more say nothing new about it
_NOTHING = re.compile(r"^\W*$")
# [[question, start, end], …]: places in a text; "" for words that answer no question.
Parts = list[list]


@dataclass(frozen=True, slots=True)
class Passage:
    question: str
    text: str


def words_of(item: FeedbackItem) -> str:
    """All that the customer wrote: the text, and answers in words that the text does not repeat."""
    parts = [item.text] + [a["value"] for a in item.answers if isinstance(a.get("value"), str) and a["value"] not in item.text]
    return "\n".join(part for part in parts if part and not _NOTHING.match(part))


def instead_of_words(item: FeedbackItem) -> str:
    """Why a list shows no words of it, for a reader who may see it: said by Luuppi, so never in the customer's voice."""
    if item.erased_at:
        return _("The words have been erased.")
    return _("The words will be shown as soon as they are masked.") if words_of(item) else _("No words, only a score")


def questions_of(item: FeedbackItem) -> list[str]:
    """The questions that the customer answered in words, in their order, each once."""
    said = [answer for answer in item.answers if isinstance(answer.get("value"), str) and not _NOTHING.match(answer["value"])]
    return list(dict.fromkeys(str(answer["question"]) for answer in said if answer.get("question")))


def parts_of(item: FeedbackItem, words: str) -> Parts:
    """Where the answers stand in `words` (those of words_of), in their order, and what is said between them. [] where nothing was asked."""
    found: Parts = []
    for answer in item.answers:
        value = answer.get("value")
        if isinstance(value, str) and not _NOTHING.match(value):
            start = _place(words, value, [part[1] for part in found])
            if start >= 0:
                found.append([str(answer.get("question") or ""), start, start + len(value)])
    if not found:
        return []
    gaps, done = [], 0
    for _question, start, end in sorted(found, key=lambda part: part[1]):
        gaps.append(["", done, start])
        done = max(done, end)
    gaps.append(["", done, len(words)])
    return sorted([*found, *(gap for gap in gaps if gap[1] < gap[2] and not _NOTHING.match(words[gap[1] : gap[2]]))], key=lambda part: part[1])


def _place(words: str, value: str, taken: Sequence[int]) -> int:
    """Where the answer stands: as a line of its own if it can, and not where another answer stands; −1 where it does not."""
    places = [match.start() for match in re.finditer(re.escape(value), words)]
    whole = [at for at in places if words[at - 1 : at] in ("", "\n") and words[at + len(value) : at + len(value) + 1] in ("", "\n")]
    free = [at for at in whole or places if at not in taken]
    return (free or whole or places or [-1])[0]


def mask_parts(words: str, spans: Sequence[Span], parts: Parts) -> tuple[str, Parts]:
    """The words with what is found blocked out, and the places of the parts in that text."""
    cuts = sorted({0, len(words), *(place for part in parts for place in part[1:])})
    masked, moved = [], {0: 0}
    for start, end in pairwise(cuts):
        inside = [Span(max(s.start, start) - start, min(s.end, end) - start, s.kind, s.certain) for s in spans if s.start < end and s.end > start]
        masked.append(masking.mask(words[start:end], inside))
        moved[end] = moved[start] + len(masked[-1])
    return "".join(masked), [[question, moved[start], moved[end]] for question, start, end in parts]


def passages_in(masked_text: str, parts: Parts, longest: int) -> list[Passage]:
    """The texts to be coded, each cut to `longest` characters: the parts, or the whole where there are none. [] without words."""
    whole = parts or [["", 0, len(masked_text)]]
    found = [Passage(question, masked_text[start:end].strip()[:longest]) for question, start, end in whole]
    return [passage for passage in found if passage.text]
