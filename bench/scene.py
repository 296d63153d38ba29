"""A scratch home with one organisation, for the measurements. `python -m bench.scene` makes it in LUUPPI_HOME and prints a token."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUUPPI_")}
    return kept | {"LUUPPI_HOME": str(home), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **more}


def make(home: Path) -> str:
    """Migrate a home, found the organisation `bench` with a team tree and touchpoints; returns a token that may do everything."""
    made = subprocess.run([sys.executable, "-m", "bench.scene"], env=environment(home), cwd=ROOT, check=True, capture_output=True, text=True)
    return made.stdout.strip().splitlines()[-1]


def scratch_database() -> Path:
    """The SQLite file of the home in the environment."""
    return Path(os.environ["LUUPPI_HOME"]) / "luuppi.sqlite3"


def _make() -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
    django.setup()
    from django.core.management import call_command

    from luuppi.capture.models import Touchpoint
    from luuppi.people.organising import add_member, create_organisation, create_team, create_token

    call_command("migrate", verbosity=0, interactive=False)
    organisation = create_organisation("bench", name="Bench", language="fi")
    service = create_team(organisation, key="service", name="Service", under=organisation.root_team)
    teams = [organisation.root_team, service] + [create_team(organisation, key=f"team-{n}", name=f"Team {n}", under=service) for n in range(6)]
    for number in range(8):
        Touchpoint.objects.create(organisation=organisation, team=teams[number % len(teams)], key=f"touchpoint-{number}", names={"en": f"Touchpoint {number}"})
    quiet = create_team(organisation, key="quiet", name="Quiet", under=service)
    Touchpoint.objects.create(organisation=organisation, team=quiet, key="quiet", names={"en": "Quiet"})  # the filling gives it nothing
    for name, role, team in (("leena", "manager", teams[0]), ("sari", "supervisor", service), ("mikko", "frontline", teams[2])):
        add_member(organisation, email=f"{name}@bench.example.com", name=name.title(), roles=[(role, team)])
    return create_token(organisation, name="bench", scopes=["feedback:write", "feedback:read", "admin"])[1]


if __name__ == "__main__":
    print(_make())
