"""The table of permissions, cell by cell: who may do what to what."""

import pytest

from luuppi.people.rules.permissions import ROLES, SCOPES, TABLE, Grants, TokenGrants

MINE, BELOW, BESIDE, ABOVE = "0001.0001.", "0001.0001.0002.", "0001.0002.", "0001."

# A copy of the table as people agreed on it. "team": own team and below; "own": own cases; "all"; "–": not at all.
AGREED = """
act                    frontline  supervisor  manager  executive  analyst  admin
items.with_customer    team       team        team     –          –        all
items.masked           all        all         all      all        all      all
items.write            all        all         all      –          –        all
cases.read             team       team        team     –          –        all
cases.act              own        team        team     –          –        all
cases.take             team       team        team     –          –        all
members.away           own        team        team     –          –        all
themes.read            all        all         all      all        all      all
themes.propose         all        all         all      –          all      all
themes.decide          –          –           all      –          all      all
improvements.read      all        all         all      all        all      all
improvements.propose   all        all         all      –          –        all
improvements.own       –          all         all      –          –        all
improvements.decide    –          –           all      all        –        all
improvements.tell      –          –           all      –          –        all
improvements.money     –          –           –        all        –        all
improvements.measure   –          –           –        –          all      all
figures.read           all        all         all      all        all      all
settings.work          –          –           team     –          all      all
settings.people        –          –           –        –          –        all
customers.erase        –          –           –        –          –        all
"""
CELLS = [(act, role, cell) for act, *cells in (line.split() for line in AGREED.strip().splitlines()[1:]) for role, cell in zip(ROLES, cells, strict=True)]


def test_every_act_and_role_stands_in_the_agreed_table():
    assert {act for act, _role, _cell in CELLS} == set(TABLE) and len(CELLS) == len(TABLE) * len(ROLES)


@pytest.mark.parametrize(("act", "role", "cell"), CELLS)
def test_a_cell_of_the_table(act, role, cell):
    grants = Grants(roles=((role, MINE),))
    reached = {path for path in (ABOVE, MINE, BELOW, BESIDE) if grants.may(act, path)}
    assert reached == {"–": set(), "own": set(), "team": {MINE, BELOW}, "all": {ABOVE, MINE, BELOW, BESIDE}}[cell]
    assert grants.may(act, BESIDE, is_own=True) == (cell in ("own", "all"))
    assert bool(grants.reach(act)) == (cell != "–")


def test_several_roles_add_up_and_nobody_without_a_role_may_anything():
    both = Grants(roles=(("frontline", MINE), ("manager", BESIDE)))
    assert both.may("cases.act", BESIDE) and not both.may("cases.act", MINE) and both.may("cases.act", MINE, is_own=True)
    assert not any(Grants(roles=()).reach(act) for act in TABLE)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_may_only_what_its_scopes_say_and_only_below_its_team(scope):
    everywhere, bound = TokenGrants(frozenset([scope])), TokenGrants(frozenset([scope]), path=MINE)
    for act in TABLE:
        assert everywhere.may(act, BESIDE) == bound.may(act, BELOW)
        assert not bound.may(act, BESIDE)
    assert not any(TokenGrants(frozenset()).reach(act) for act in TABLE)
