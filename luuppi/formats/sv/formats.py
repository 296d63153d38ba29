"""Swedish short dates as all our pages write them, 23.11.2026: one page never says a day in two ways."""

SHORT_DATE_FORMAT = "j.n.Y"
SHORT_DATETIME_FORMAT = "j.n.Y H.i"
