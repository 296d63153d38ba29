"""Heavy doors with one numeric thread and with two, by wall clock: `./run bench speed_threads`.

The libraries never set the number of threads; the process does, by its environment (docs/methods/README.md). Here two must not be
slower than one. The rounds are taken in turn, and what is told is the best of each: other work on the machine only adds.
"""

import sys

from bench.measuring import arguments, described, in_rounds, keep, say
from bench.speed import in_own_process

DOORS = [
    ("speed_measures", "drivers_of_a_million"),
    ("speed_measures", "rhythm"),
    ("speed_measures", "corrected"),
    ("speed_measures", "material_wait"),
    ("speed_measures", "experience_learned"),
    ("speed_measures", "thousand_teams_ranked"),
    ("speed_texts", "propose_part"),
    ("speed_texts", "codebook_learned"),
    ("speed_texts", "code_part"),
    ("speed_texts", "ten_most_similar"),
    ("speed_texts", "sentiment_learned"),
]
# The clock of a shared machine tells no less than this; what is below is no difference.
TOLERANCE, LEAST_SECONDS = 1.1, 0.05


def main() -> int:
    quick = arguments(__doc__).parse_args().quick
    result, rows = described(quick=quick), []
    for module, name in DOORS:
        sides = {threads: lambda module=module, name=name, threads=threads: in_own_process(module, name, threads)["wall"] for threads in (1, 2)}
        walls = {str(threads): run for threads, run in sides.items()}
        found = {threads: min(times) for threads, times in in_rounds(walls, 1 if quick else 4, loud=False).items()}
        holds = found["2"] <= TOLERANCE * found["1"] + LEAST_SECONDS
        rows.append({"door": name, "one thread, s": round(found["1"], 3), "two threads, s": round(found["2"], 3),
                     "two / one": round(found["2"] / found["1"], 2), "verdict": "holds" if holds else "does not hold"})  # fmt: skip
        say("  ".join(str(value) for value in rows[-1].values()))
    keep("speed_threads", result | {"doors": rows})
    return 0 if all(row["verdict"] == "holds" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
