"""What a column probably means by its heading, in Finnish, Swedish and English: the first guess of the page, which a person then sees.

Only the page guesses: the command and the API have nobody who looks, so they take the fields' own names alone (`automatic`).
"""

from collections.abc import Iterable

from luuppi.capture.importing.definition import Column, Definition, automatic

_HEADINGS = {
    "text": "kommentti palaute palauteteksti teksti vapaa_palaute avoin_palaute avoin_vastaus kommentar feedback fritext comment comments verbatim review feedback_text",
    "nps": "suositteluhalukkuus suosittelu rekommendation nps_score nps-pisteet nps-arvosana nps-betyg",
    "csat": "tyytyväisyys nöjdhet satisfaction csat_score",
    "ces": "helppous ces_score",
    "occurred_at": "päivä pvm päivämäärä aika aikaleima vastauspäivä vastausaika ajankohta datum tid tidpunkt svarsdatum date time timestamp created_at submitted_at response_date",
    "touchpoint": "kohtaamispiste asiointipaikka kontaktpunkt",
    "customer.external_id": "asiakasnumero asiakastunnus asiakas_id kundnummer kund-id customer_number customer_id customer_no",
    "customer.email": "sähköposti sähköpostiosoite e-post e-postadress e-mail email",
    "customer.phone": "puhelin puhelinnumero telefon telefonnummer phone phone_number",
    "customer.name": "asiakkaan_nimi nimi namn kundens_namn customer_name",
    "external_id": "palautetunnus palautteen_tunnus vastaustunnus vastaus_id svars-id response_id feedback_id",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}


def guess(columns: Iterable[str]) -> Definition:
    """The fields' own names first, then what the other headings say; no field twice. What is not known becomes an attribute."""
    columns = list(columns)
    found = dict(automatic(columns).columns)
    for column in columns:
        field = _FIELD_OF.get("_".join(column.strip().lower().split()), "")
        if field and column not in found and field not in {one.field for one in found.values()}:
            found[column] = Column(field=field)
    return Definition(columns=found)
