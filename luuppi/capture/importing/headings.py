"""What a column probably means by its heading, in Finnish, Swedish and English: the first guess of the page and of the command, which say it
before anything is stored. Where nobody looks, a mapping says it.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet

from luuppi.capture.importing.definition import Column, Definition, automatic
from luuppi.capture.importing.making import BadRow, number_of
from luuppi.capture.models import Touchpoint

_HEADINGS = {
    "text": "kommentti palaute palauteteksti teksti vapaa_palaute avoin_palaute avoin_vastaus kommentar feedback fritext"
    " comment comments verbatim review feedback_text",
    "nps": "suositteluhalukkuus suosittelu suositteluarvio suosittelupisteet rekommendation nps_score nps-pisteet nps-arvosana nps-betyg",
    "csat": "tyytyväisyys nöjdhet satisfaction csat_score",
    "ces": "helppous ces_score",
    "occurred_at": "päivä pvm päivämäärä aika aikaleima vastauspäivä vastausaika ajankohta datum tid tidpunkt svarsdatum"
    " date time timestamp created_at submitted_at response_date",
    "kind": "tyyppi laji palautetyyppi palautteen_tyyppi palautelaji typ feedbacktyp typ_av_feedback type feedback_type category",
    "touchpoint": "kohtaamispiste asiointipaikka kontaktpunkt",
    "customer.external_id": "asiakasnumero asiakastunnus asiakas_id kundnummer kund-id customer_number customer_id customer_no",
    "customer.email": "sähköposti sähköpostiosoite e-post e-postadress e-mail email",
    "customer.phone": "puhelin puhelinnumero telefon telefonnummer phone phone_number",
    "customer.name": "asiakkaan_nimi nimi namn kundens_namn customer_name",
    "external_id": "palautetunnus palautteen_tunnus vastaustunnus vastaus_id svars-id response_id feedback_id",
}
_KINDS = {
    "complaint": "reklamaatio valitus moite klagomål reklamation complaint",
    "praise": "kiitos kehu beröm tack praise thanks compliment",
    "idea": "idea kehitysehdotus ehdotus idé förslag utvecklingsförslag suggestion",
    "question": "kysymys fråga question",
    "survey": "kysely enkät survey",
}
_SCORE_WORDS = ("arvosana", "arvio", "piste", "tähde", "betyg", "poäng", "stjärn", "rating", "score", "grade", "stars", "points")
_ASKS_NPS = ("suosittel", "rekommend", "recommend")  # a heading that is the question itself
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}


def guess(columns: Sequence[str], sample: Sequence[Sequence[str]] = (), touchpoints: Mapping[str, str] | None = None) -> Definition:
    """The fields' own names first, then what the other headings say; no field twice. What is not known becomes an attribute.

    sample: the cells of some rows. A column is the kind only when all its words are kinds, and a question about recommending is NPS only when
    its answers are of that scale; touchpoints (name in small letters → key) that it
    calls by their names are these.
    """
    found = dict(automatic(columns).columns)
    for index, column in enumerate(columns):
        field = _FIELD_OF.get("_".join(column.strip().lower().split()), "")
        if not field or column in found or field in {one.field for one in found.values()}:
            continue
        cells = {cell for row in sample if index < len(row) and (cell := row[index].strip())}
        if field == "kind":
            if cells and all(cell.lower() in _KIND_OF for cell in cells):
                found[column] = Column(field=field, values={cell: _KIND_OF[cell.lower()] for cell in sorted(cells)})
        elif field == "touchpoint":
            known = {cell: key for cell in sorted(cells) if (key := (touchpoints or {}).get(cell.lower()))}
            found[column] = Column(field=field, values=known)
        else:
            found[column] = Column(field=field)
    if "nps" not in {one.field for one in found.values()}:
        asks = (
            column
            for index, column in enumerate(columns)
            if column not in found and _asks_nps(column, [row[index] for row in sample if index < len(row)])
        )
        found |= {column: Column(field="nps") for column in [next(asks, "")] if column}
    return Definition(columns=found)


def keys_by_name(touchpoints: QuerySet[Touchpoint]) -> dict[str, str]:
    """Name in small letters → key, of those that somebody has confirmed."""
    return {name.lower(): place.key for place in touchpoints.filter(confirmed=True) for name in place.names.values()}


def score_range(heading: str, cells: Iterable[str]) -> tuple[float, float] | None:
    """The least and the largest value of a column that is called like a score and holds numbers; None for any other.

    What it measures is nobody's guess: a school grade, points of a hundred and an NPS look alike.
    """
    if not any(word in heading.lower() for word in (*_SCORE_WORDS, *_ASKS_NPS)):
        return None
    said = [cell.strip() for cell in cells if cell.strip()]
    try:
        numbers = [number_of(cell) for cell in said]
    except BadRow:
        return None
    return (min(numbers), max(numbers)) if numbers else None


def _asks_nps(heading: str, cells: Sequence[str]) -> bool:
    """Whole numbers up to eight at least and ten at most: 1–5 and 1–7 are other scales."""
    said = [cell.strip() for cell in cells if cell.strip()]
    if not any(word in heading.lower() for word in _ASKS_NPS) or not all(cell.isascii() and cell.isdigit() and len(cell) < 3 for cell in said):
        return False
    return 8 <= max(map(int, said), default=0) <= 10
