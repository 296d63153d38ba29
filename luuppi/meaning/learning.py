"""The codebook learns from what people coded and accepted; what is learnt is thrown away when they say more."""

import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from luuppi.journal.models import LoopEvent
from luuppi.meaning.coding import readings_in, recode
from luuppi.meaning.models import Codebook, Coding, Reading, Theme, ThemeProposal
from luuppi.meaning.passages import LONGEST, SPOKEN, Passage, passages_in
from luuppi.running import todo

FEWEST_EXAMPLES = 20
ENOUGH_BY_PEOPLE = 16  # texts of a theme that people have coded one by one; as many as a group teaches well
MOST_BACKGROUND = 20_000
FEWEST_ALLOWED = 3  # themes of an item; where people gave one more, as many

# theme → the questions in whose answers it is; none named: somewhere in the item.
Said = dict[int, list[str]]


def learn_codebooks(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: learn each language, then code everything again that no person has coded."""
    for one in todos:
        for language in SPOKEN:
            if learn_in_language(one.payload["organisation"], language) is not None:
                recode(one.payload["organisation"], language)


def learn_in_language(organisation: int, language: str) -> Codebook | None:
    """A new codebook row with its cross-validated quality; None with fewer than 20 examples or a single theme-less heap."""
    from luuppi.language import coding

    examples = read_examples(organisation, language)
    if len(examples) < FEWEST_EXAMPLES or not any(examples.values()):
        return None
    passages = _passages_of(examples)
    # In order: a store answers in any, and what is learnt (folds, thresholds) hangs on it.
    known = sorted(item for item in examples if passages.get(item))
    taught = Taught()
    for item in known:
        taught.add(item, passages[item], examples[item])
    background = list(
        readings_in(organisation, language)
        .exclude(item__in=known[:500])
        .order_by("-item_id")
        .values_list("masked_text", flat=True)[:MOST_BACKGROUND]
    )
    learnt = coding.learn_codebook(
        taught.texts,
        taught.sure,
        language=language,
        background=[text[:LONGEST] for text in background],
        items=taught.items,
        perhaps=taught.perhaps,
        questions=taught.questions,
    )
    return Codebook.objects.create(
        organisation_id=organisation,
        language=language,
        learnt_at=timezone.now(),
        n_examples=len(known),
        quality=asdict(learnt.quality) | {"most_themes": max(FEWEST_ALLOWED, *map(len, examples.values()))},
        model=pickle.dumps(learnt),
    )


@dataclass(slots=True)
class Taught:
    """The examples passage by passage, as luuppi.language.coding takes them."""

    texts: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    sure: list[set[int]] = field(default_factory=list)
    perhaps: list[set[int]] = field(default_factory=list)

    def add(self, item: int, passages: Sequence[Passage], said: Said) -> None:
        """A theme is in the answers that were named, in the only text, or else somewhere in the item."""
        asked = {passage.question for passage in passages}
        for passage in passages:
            self.texts.append(passage.text)
            self.questions.append(passage.question)
            self.items.append(item)
            self.sure.append({theme for theme, answers in said.items() if len(passages) == 1 or passage.question in answers})
            self.perhaps.append({theme for theme, answers in said.items() if len(passages) > 1 and not asked & set(answers)})


def read_examples(organisation: int, language: str) -> dict[int, Said]:
    """item → its themes. Where a person coded an item, only that counts; an accepted group teaches a theme until people have coded enough of it.

    Who accepts a group says nothing about the other themes of its texts, so its silence must not outweigh what people say text by text.
    """
    in_use = set(Theme.objects.filter(organisation=organisation).in_use().values_list("pk", flat=True))
    by_people: dict[int, Said] = {item: {} for item in _items_sorted_by_people(organisation, language)}
    rows = Coding.objects.filter(organisation=organisation, item__reading__language=language).exclude(by="system")
    for item, theme, answers in rows.values_list("item_id", "theme_id", "answers"):
        if theme in in_use:
            by_people.setdefault(item, {})[theme] = answers
    n_by_people = Counter(theme for said in by_people.values() for theme in said)
    examples: dict[int, Said] = {}
    accepted = ThemeProposal.objects.filter(organisation=organisation, language=language, state="accepted", theme__in=in_use)
    for items, theme in accepted.values_list("items", "theme"):
        if n_by_people[theme] < ENOUGH_BY_PEOPLE:
            for item in items:
                examples.setdefault(item, {})[theme] = []
    return examples | by_people


def _items_sorted_by_people(organisation: int, language: str) -> list[int]:
    """Items a person sorted, also those of which the person said that no theme fits."""
    corrected = sorted(set(LoopEvent.objects.filter(organisation=organisation, kind="coding_corrected").values_list("item", flat=True)))
    # In two steps: as one statement PostgreSQL read the journal anew for each reading while it knew nothing yet of how many there are.
    found: list[int] = []
    for start in range(0, len(corrected), 500):
        found += readings_in(organisation, language).filter(item__in=corrected[start : start + 500]).values_list("item_id", flat=True)
    return found


def _passages_of(items: Iterable[int]) -> dict[int, list[Passage]]:
    ids, found = list(items), {}
    for start in range(0, len(ids), 500):
        rows = Reading.objects.filter(item__in=ids[start : start + 500], item__withdrawn_at=None).exclude(masked_text="")
        found.update((item, passages_in(text, parts, LONGEST)) for item, text, parts in rows.values_list("item_id", "masked_text", "parts"))
    return found
