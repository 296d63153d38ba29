"""A page that shows all parts of a face, for the browser tests and for looking at."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines

from luuppi.ui import charts, toasts

TEMPLATES = Path(__file__).parent / "templates"
NOW = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)
LUMI = SimpleNamespace(slug="lumi", name="Lumi", colour="#8a2450")


@dataclass(frozen=True)
class Estimate:
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass
class Member:
    name: str = "Mikko"
    role_names: tuple = ("frontline",)
    organisation: SimpleNamespace = field(default_factory=lambda: LUMI)


class ImprovementForm(forms.Form):
    name = forms.CharField(label="Parannuksen nimi", help_text="Kerro asiakkaan silmin: mikä muuttuu.")
    owner = forms.ChoiceField(label="Omistaja", choices=[("sari", "Sari"), ("leena", "Leena")])
    reason = forms.CharField(label="Perustelu", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(
        label="Laji", widget=forms.RadioSelect, choices=[("process", "Prosessi"), ("skill", "Asiakaspalvelukeskusteluosaaminen")]
    )
    tell = forms.BooleanField(label="Kerro ehdottajalle heti", required=False)
    amount = forms.DecimalField(label="Hyvitys, euroa", error_messages={"invalid": "Kirjoita summa numeroin, esimerkiksi 20,00"})


def cast(request: HttpRequest) -> None:
    """Mikko of Lumi looks at the page."""
    request.member, request.organisation = Member(), LUMI


def gallery(request: HttpRequest, face: str = "staff") -> HttpResponse:
    cast(request)
    if request.GET.get("toast"):
        toasts.say(request, "Tapaus 1041 siirtyi tiimille.", undo_url="/undo")
    if request.GET.get("error"):
        messages.error(request, "Tallennus ei onnistunut. Teksti on tallessa tässä.")
    template = engines["django"].from_string((TEMPLATES / f"{face}_gallery.html").read_text())
    return HttpResponse(template.render(parts(), request))


def parts() -> dict:
    """Everything that the gallery shows, as a stage would hand it to its template."""
    weeks = [22, 25, 24, 23, 26, 28, 27, 30, 29, 32, 31, 33]
    line = [charts.Mark(f"vk {36 + i}", v, v - 9, v + 9, 100 + i, "/feedback") for i, v in enumerate(weeks)]
    other = [charts.Mark(m.label, 22 + i % 3, 18 + i % 3, 26 + i % 3, 300) for i, m in enumerate(line)]
    touchpoints = [
        ("Kotiinkuljetus", 58, 49, 66, 214),
        ("Asiakaspalvelukeskustelu ja takaisinsoittopyynnöt", 36, 27, 45, 301),
        ("Noutopiste", -9, -24, 7, 63),
    ]
    return {
        "now": NOW,
        "due_calm": NOW + timedelta(hours=7),
        "due_warn": NOW + timedelta(minutes=80),
        "due_late": NOW - timedelta(hours=2),
        "promise": timedelta(days=1),
        "yesterday": NOW - timedelta(hours=15),
        "notes": ["22.11. klo 18.42", "23.11. klo 10.24", "ei tarvittu", "parannus 27", ""],
        "nps": Estimate(31, 22, 40, 1204),
        "share": Estimate(0.38, 0.35, 0.41, 1007),
        "few": Estimate(None, None, None, 4),
        "spark": weeks,
        "form": ImprovementForm(initial={"name": "Varakoodi tekstiviestillä", "kind": "process"}),
        "bad_form": ImprovementForm({"amount": "kaksikymppiä", "kind": "skill", "tell": "on", "owner": "sari"}, prefix="bad"),
        "band_line": charts.BandLine(
            "NPS nousi, kun lauantailajittelu alkoi",
            "NPS viikoittain. Alue on 95 %:n väli.",
            [charts.Series("Tampere", line), charts.Series("Vertailu", other, "comparison")],
            1204,
            event=charts.Event(4, "lauantailajittelu"),
            goal=40,
        ),
        "bars": charts.Bars(
            "Kolme syytä tuo 58 % harmista",
            "Palautteita 12 viikossa.",
            [
                charts.Mark("Myöhästyminen", 148, href="/feedback", hot=True),
                charts.Mark("Seurantatietojen paikkansapitämättömyys", 96, href="/feedback"),
                charts.Mark("Noutopiste", 41, href="/feedback"),
            ],
            412,
        ),
        "whiskers": charts.Whiskers(
            "Kuljettaja ilahduttaa, noutopiste ei",
            "NPS −100…100, viiva on 95 %:n väli.",
            [charts.Mark(a, v, lo, hi, n, "/feedback") for a, v, lo, hi, n in touchpoints],
            578,
        ),
        "funnel": charts.Funnel(
            "Joka kolmas kuuli tuloksen",
            "Osuus saaduista, 12 viikkoa.",
            [
                charts.Mark("Saatu", 1612, href="/feedback"),
                charts.Mark("Vastattu", 1466, href="/feedback"),
                charts.Mark("Ratkaistu", 1193),
                charts.Mark("Hyödynnetty", 742),
                charts.Mark("Kerrottu", 612, href="/feedback", hot=True),
            ],
            1612,
        ),
        "empty_line": charts.BandLine(
            "Vielä ei ole mitään piirrettävää", "NPS viikoittain.", [charts.Series("", [charts.Mark("vk 1", None)])], 0
        ),
    }
