"""Invented comments with a known theme each, for tests and pictures: sentences put together out of parts, none written by a customer."""

from __future__ import annotations

import random

PARTS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "delivery": (
        ["The parcel", "My delivery", "The courier with my parcel", "This shipment", "The package"],
        [
            "came two weeks late",
            "was left at the wrong door",
            "arrived with a broken box",
            "was delivered to a neighbour",
            "never arrived by courier",
        ],
        [
            "and the tracking showed nothing",
            "although tracking promised Friday",
            "so I fetched it from the depot",
            "and the courier did not call",
        ],
    ),
    "price": (
        ["The invoice", "My monthly bill", "The price", "This subscription fee", "The new tariff"],
        [
            "is far too expensive",
            "went up without notice",
            "was charged twice",
            "shows a fee that nobody explained",
            "costs more than the offer",
        ],
        [
            "and the discount was missing",
            "so I want a refund of the fee",
            "compared with the price of others",
            "and the invoice was unclear",
        ],
    ),
    "staff": (
        ["The assistant in the shop", "Your salesperson", "The lady at the counter", "A young employee", "The staff member"],
        [
            "was friendly and patient",
            "listened and explained kindly",
            "smiled and greeted us politely",
            "helped me with great patience",
            "was rude and impatient",
        ],
        ["and knew the products well", "when I asked for advice", "which made my visit pleasant", "and gave good advice at the counter"],
    ),
    "app": (
        ["The mobile app", "Your website", "The login page", "The new application", "The online form"],
        [
            "crashes after every update",
            "does not accept my password",
            "freezes on the login screen",
            "shows an error message",
            "loses what I typed",
        ],
        [
            "so signing in is impossible",
            "and the update made it slower",
            "on my phone and on the computer",
            "and the password link is broken",
        ],
    ),
}


def comments(n: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """n comments and the theme of each."""
    draw = random.Random(seed)
    themes = [draw.choice(sorted(PARTS)) for _ in range(n)]
    return [" ".join(draw.choice(part) for part in PARTS[theme]) + "." for theme in themes], themes
