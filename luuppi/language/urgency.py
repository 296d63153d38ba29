"""How soon must somebody look at this message? Danger and fraud at once, a customer about to leave soon, praise whenever (I6).

The rules are phrases in `rules/urgency_*.toml`, to which an organisation adds its own; what they do not know is `learnt`. A level
moves a message up the queue; it hides none.
"""

from __future__ import annotations

from itertools import pairwise

from luuppi.language.checking import checked_text
from luuppi.language.learnt import SAID, is_doubted, learnt, pieces_of
from luuppi.language.rules import Own, Rules, read_rules, sentences
from luuppi.language.words import clean_text

NONE, ANSWER_SOON, ACT_NOW = 0, 1, 2


def judge_urgency(text: str, language: str = "fi", *, own: Own = None) -> int:
    """0 none, 1 answer soon, 2 act now. 0 for an empty text.

    text: the customer's message; language: its language; own: the organisation's own rules (see `rules`): lists `act_now`,
    `answer_soon`, `figure_of_speech`, `over`, `well_met`, and further lists that `together` joins (all of them in two sentences side by side: act now).
    A missed danger costs more than a needless look, so where two levels fit the higher one holds.
    Raises ValueError for another language, or something that is no text.

    Source: own phrase rules, and a logistic regression learnt from labelled messages (`learnt`); measured on messages that neither saw
    (docs/methods/urgency.md).
    """
    rules = read_rules("urgency", language, own)
    cleaned = clean_text(checked_text(text, "text"))
    rules = rules.on(cleaned)
    said = rules.without("figure_of_speech", cleaned)
    if not rules.learns:
        return ACT_NOW if _acts_now(said, rules) else ANSWER_SOON if _answers_soon(said, rules) else NONE
    pieces = pieces_of(cleaned, language)
    ours = None if own is None else read_rules("urgency", language).on(cleaned)
    for level, question, is_said in ((ACT_NOW, "act_now", _acts_now), (ANSWER_SOON, "answer_soon", _answers_soon)):
        chance = learnt(question, language).chance(pieces)
        if chance >= SAID[question]:
            return level
        # In a long message phrases meet by chance, and the everyday words of an answer that is waited for ("help", "klaga") do in a short
        # one, too; a danger in a few words is never doubted, and neither is what the organisation wrote itself.
        doubted = is_doubted(chance, pieces, in_few_words=level == ANSWER_SOON)
        if is_said(said, rules) and not (doubted and (ours is None or is_said(said, ours))):
            return level
    return NONE


def _answers_soon(said: str, rules: Rules) -> bool:
    return rules.found("answer_soon", said) or _asks(said, rules) or ("!!" in said and rules.found("trouble", said))


def _acts_now(said: str, rules: Rules) -> bool:
    # A danger that is over and mended is told in the same message, and so is that of somebody who was well looked after.
    over = rules.found("over", said) or (rules.found("well_met", said) and not rules.found("though", said))
    if over and not rules.found("still", said):
        return False
    if rules.found("act_now", said):
        return True
    together = [names for names in rules.together if all(name in rules.lists for name in names)]
    near = _neighbours(said) if together else []
    return any(all(rules.found(name, part) for name in names) for names in together for part in near)


def _neighbours(said: str) -> list[str]:
    # Who is at risk and what happened stand near each other: in a long review both words come by chance.
    parts = sentences(said)
    return [" ".join(pair) for pair in pairwise(parts)] if len(parts) > 1 else parts


def _asks(said: str, rules: Rules) -> bool:
    return any(part.rstrip().endswith("?") and not rules.found("no_real_question", part) for part in sentences(said))
