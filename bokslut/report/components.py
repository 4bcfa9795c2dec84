"""What each tag of a page becomes: nodes of the document, from rows of the marts and figures. No SQL is written here.

A number comes from a figure by its key, or from a column with the key of the figure that it is; the two must say the
same, or the page does not render. A column that no figure stands for needs a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bokslut.report.charts import ChartData, Series, specification
from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Column,
    Delta,
    Details,
    Inline,
    Light,
    Link,
    Number,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Text,
    Trend,
)
from bokslut.report.figures import Figure, Figures
from bokslut.report.formats import NOTHING, Format, FormatError, fit, read_format, show_date, show_figure
from bokslut.report.markup import slug
from bokslut.report.queries import Cell, Result
from bokslut.report.specs import like
from bokslut.report.tags import VARIABLE, Tag, Variable
from bokslut.report.theme import Theme

Scope = Mapping[str, object]
FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
OF_MARTS = "text of the marts"
CALLOUTS = ("info", "success", "warning", "danger")
LIGHTS = {None: "grey", "grey": "grey", "green": "green", "yellow": "yellow", "red": "red"}
TRENDS = ("better", "equal", "worse", "unknown")
TEXT_FORMATS = ("id", "year", "date")
EMPTY = "Inget att visa."


@dataclass(frozen=True)
class Part:
    """A tag that stands inside a table or chart, kept until that is built."""

    tag: Tag
    scope: Scope


@dataclass
class Components:
    """Builds nodes for one page.

    ask: the rows of a query by its name, for a tag and its variables. has_page: whether the report has a page of that
    path. names: charts by name, so that each has its own. tests: what guards each mart.
    """

    figures: Figures
    fiscal_year: int
    theme: Theme
    ask: Callable[[Tag, str, Scope], Result]
    has_page: Callable[[str], bool]
    names: set[str]
    tests: Mapping[str, Sequence[tuple[str, str]]]

    # ------------------------------------------------------------------------------------------- text and attributes

    def text(self, tag: Tag, name: str, scope: Scope, default: str = "") -> str:
        """A text attribute, with its variables. Raises PageError for an unknown variable."""
        value = tag.attributes.get(name, default)
        if isinstance(value, Variable):
            return shown(self.variable(tag, value.name, scope))
        return VARIABLE.sub(lambda found: shown(self.variable(tag, found["name"], scope)), str(value))

    def variable(self, tag: Tag, name: str, scope: Scope) -> object:
        """The value of a variable. Raises PageError."""
        if name not in scope:
            raise tag.error(f"unknown variable ${name}{like(name, scope)}")
        return scope[name]

    def flag(self, tag: Tag, name: str, scope: Scope, *, default: bool = False) -> bool:
        """A true or false attribute."""
        value = tag.attributes.get(name, default)
        return bool(self.variable(tag, value.name, scope) if isinstance(value, Variable) else value)

    def rows(self, tag: Tag, scope: Scope) -> Result:
        """The rows of the query that data= names."""
        return self.ask(tag, self.text(tag, "data", scope), scope)

    def first_row(self, tag: Tag, scope: Scope) -> Mapping[str, Cell]:
        """The first row of data=; empty without data. Raises PageError where the query gives none."""
        if "data" not in tag.attributes:
            return {}
        result = self.rows(tag, scope)
        if not result.rows:
            name = self.text(tag, "data", scope)
            raise tag.error(f'query {name} gives no row here - stand inside {{% if data="{name}" %}}')
        return result.rows[0]

    def cell(self, tag: Tag, name: str, row: Mapping[str, Cell], scope: Scope) -> object:
        """What the attribute names: a column of the row, or a variable. Raises PageError."""
        value = tag.attributes[name]
        if isinstance(value, Variable):
            return self.variable(tag, value.name, scope)
        return self.column(tag, str(value), row)

    def column(self, tag: Tag, name: str, row: Mapping[str, Cell]) -> Cell:
        """The value of a column. Raises PageError."""
        if name not in row:
            raise tag.error(f"the query has no column {name}{like(name, row)}")
        return row[name]

    def format(self, tag: Tag, scope: Scope, name: str = "fmt") -> Format:
        """The format that fmt= names; auto without. Raises PageError."""
        try:
            return read_format(self.text(tag, name, scope, "auto"))
        except FormatError as error:
            raise tag.error(str(error)) from error

    # --------------------------------------------------------------------------------------------------- numbers

    def figure(self, tag: Tag, key: str, fiscal_year: int) -> Figure | None:
        """A figure by its key. Raises PageError for a key that no board could have."""
        slip = self.figures.slip(key)
        if slip:
            raise tag.error(slip)
        return self.figures.find(key, fiscal_year)

    def needed(self, tag: Tag, key: str, fiscal_year: int) -> Figure:
        """A figure that must be there. Raises PageError."""
        figure = self.figure(tag, key, fiscal_year)
        if figure is None:
            hint = self.figures.suggestion(key, fiscal_year) or f' - stand inside {{% if figure="{key}" %}}'
            raise tag.error(f"the board has no figure {key} for {fiscal_year}{hint}")
        return figure

    def show(self, tag: Tag, figure: Figure, form: Format, *, turn: bool = False, has_suffix: bool = True) -> Number:
        """A figure as printed. Raises PageError where the format does not fit."""
        try:
            return show_figure(
                figure.value, figure.unit, form, figure.key, figure.fiscal_year, turn=turn, has_suffix=has_suffix
            )
        except FormatError as error:
            raise tag.error(f"{figure.key}: {error}") from error

    def key(self, tag: Tag, pattern: str, row: Mapping[str, Cell]) -> str:
        """A key or path with {column} filled in. Raises PageError."""
        return FIELD.sub(lambda found: shown(self.column(tag, found[1], row)), pattern)

    def number(
        self, tag: Tag, value: object, pattern: str, row: Mapping[str, Cell], form: Format, *, has_suffix: bool = True
    ) -> Number:
        """A number of a row as printed, with the figure that the pattern names. Raises PageError.

        The figure is of the row's fiscal_year where the query has that column, else of the report's year. has_suffix:
        whether the unit stands behind it (in a table it stands in the head).
        """
        if not (value is None or isinstance(value, Decimal | int)) or isinstance(value, bool):
            raise tag.error(f"{value!r} is no number")
        turn = self.flag(tag, "turn", row)
        if pattern:
            key = self.key(tag, pattern, row)
            own = row.get("fiscal_year")
            year = own if isinstance(own, int) else self.fiscal_year
            figure = self.figure(tag, key, year)
            if value is None:
                return Number(NOTHING)
            if figure is None:
                meant = self.figures.suggestion(key, year)
                raise tag.error(f"{value} has no figure {key} for {year} to stand for it{meant}")
            if value not in (figure.value, figure.value / 100 if figure.unit == "percent" else None):
                raise tag.error(f"the column says {value}, the figure {key} says {figure.value}")
            return self.show(tag, figure, form, turn=turn, has_suffix=has_suffix)
        reason = str(tag.attributes.get("exempt", ""))
        if not reason:
            raise tag.error(
                'a number without a figure - name it (figure="...") or say why it needs none (exempt="...")'
            )
        if value is None:
            return Number(NOTHING)
        unit = {"sek": "sek", "pct": "percent"}.get(form.kind, "count")
        amount = Decimal(value) * 100 if form.kind == "pct" else Decimal(value)
        return show_figure(amount, unit, form, None, None, turn=turn, has_suffix=has_suffix, exemption=reason)

    def row_number(self, tag: Tag, scope: Scope) -> Number:
        """The number of a tag: figure= alone, or a column of the first row with the figure that it is."""
        pattern = self.text(tag, "figure", scope)
        if "value" not in tag.attributes:
            if not pattern:
                raise tag.error("it needs figure= or value=")
            figure = self.needed(tag, pattern, self.fiscal_year)
            return self.show(tag, figure, self.format(tag, scope), turn=self.flag(tag, "turn", scope))
        row = self.first_row(tag, scope)
        return self.number(tag, self.cell(tag, "value", row, scope), pattern, row, self.format(tag, scope))

    # ---------------------------------------------------------------------------------------------------- inline

    def build_figure(self, tag: Tag, scope: Scope) -> Inline:
        """A figure by its key."""
        key = self.text(tag, "key", scope)
        given = tag.attributes.get("fiscal_year", self.fiscal_year)
        year = self.variable(tag, given.name, scope) if isinstance(given, Variable) else given
        if not isinstance(year, int):
            raise tag.error(f"fiscal_year is {year!r}, which is no year")
        if self.flag(tag, "missing", scope) and self.figure(tag, key, year) is None:
            return Number(NOTHING)
        return self.show(
            tag,
            self.needed(tag, key, year),
            self.format(tag, scope),
            turn=self.flag(tag, "turn", scope),
            has_suffix=self.flag(tag, "unit", scope, default=True),
        )

    def build_value(self, tag: Tag, scope: Scope) -> Inline:
        """The first row's value: a text, a date, or a number with its figure."""
        if "value" in tag.attributes and "figure" not in tag.attributes and "exempt" not in tag.attributes:
            value = self.cell(tag, "value", self.first_row(tag, scope), scope)
            if not isinstance(value, Decimal):
                return Text(self._plain(tag, value, scope), OF_MARTS)
        return self.row_number(tag, scope)

    def _plain(self, tag: Tag, value: object, scope: Scope) -> str:
        form = self.text(tag, "fmt", scope)
        if isinstance(value, int) and not isinstance(value, bool) and form not in ("id", "year"):
            raise tag.error(f'{value} is a number - name its figure, or show it as it is by fmt="id" or fmt="year"')
        if form and form not in TEXT_FORMATS:
            raise tag.error(f"{form!r} is no format of a text - known are {', '.join(TEXT_FORMATS)}")
        return shown(value)

    def build_delta(self, tag: Tag, scope: Scope) -> Inline:
        """A number with an arrow."""
        return self.delta(self.row_number(tag, scope), down_is_good=self.flag(tag, "down_is_good", scope))

    @staticmethod
    def delta(number: Number, *, down_is_good: bool = False) -> Delta:
        """The number as a change: more is good, or less."""
        if not number.value:
            return Delta(number, None)
        return Delta(number, (number.value > 0) != down_is_good)

    def build_traffic_light(self, tag: Tag, scope: Scope) -> Inline:
        """A light with its label, by itself or in a sentence."""
        row = self.first_row(tag, scope)
        return self.light(tag, self.cell(tag, "value", row, scope), self.cell(tag, "label", row, scope))

    def build_trend(self, tag: Tag, scope: Scope) -> Inline:
        """A trend with its label."""
        row = self.first_row(tag, scope)
        return self.trend(tag, self.cell(tag, "value", row, scope), self.cell(tag, "label", row, scope))

    @staticmethod
    def light(tag: Tag, colour: object, label: object) -> Light:
        """A light. Raises PageError for a colour that is none."""
        if colour is not None and colour not in LIGHTS:
            raise tag.error(f"{colour!r} is no colour of a light - green, yellow or red")
        return Light(LIGHTS[colour if isinstance(colour, str) else None], shown(label) or "Ej bedömt")

    @staticmethod
    def trend(tag: Tag, direction: object, label: object) -> Trend:
        """A trend. Raises PageError for a direction that is none."""
        if direction is not None and direction not in TRENDS:
            raise tag.error(f"{direction!r} is no trend - {', '.join(TRENDS)}")
        return Trend(direction if isinstance(direction, str) else "unknown", shown(label) or "Okänd")

    # ---------------------------------------------------------------------------------------------------- blocks

    def build_big_value(self, tag: Tag, scope: Scope) -> Block:
        """A large number, with what it is compared to."""
        comparison = self.text(tag, "comparison", scope)
        delta = None
        if comparison:
            form = self.format(tag, scope, "comparison_fmt" if "comparison_fmt" in tag.attributes else "fmt")
            delta = self.delta(self.show(tag, self.needed(tag, comparison, self.fiscal_year), form))
        return BigValue(
            self.text(tag, "title", scope),
            self.row_number(tag, scope),
            delta,
            self.text(tag, "comparison_title", scope),
        )

    def build_callout(self, tag: Tag, scope: Scope, children: tuple[Block, ...]) -> Block:
        """A box."""
        kind = self.text(tag, "type", scope, "info")
        if kind not in CALLOUTS:
            raise tag.error(f"type is {kind!r}, which is none of {', '.join(CALLOUTS)}")
        return Callout(kind, self.text(tag, "title", scope), children)

    def build_details(self, tag: Tag, scope: Scope, children: tuple[Block, ...]) -> Block:
        """What a reader may open."""
        return Details(self.text(tag, "title", scope), children)

    def build_row(self, tag: Tag, scope: Scope, children: tuple[Block, ...]) -> Block:  # noqa: ARG002
        """Blocks side by side."""
        return Row(children)

    def build_page_break(self, tag: Tag, scope: Scope) -> Block:  # noqa: ARG002
        """A new page."""
        return PageBreak()

    def build_mart_tests(self, tag: Tag, scope: Scope) -> Block:
        """Every mart and the tests that guard it."""
        title = self.text(tag, "title", scope)
        columns = (Column("Tabell"), Column("Test"), Column("Vad som måste gälla"))
        rows = tuple(
            tuple((Text(text, "name of a test"),) for text in (mart, name, claim))
            for mart in sorted(self.tests)
            for name, claim in self.tests[mart]
        )
        return Table(title, columns, rows, None, "Tester", (False, False, False))

    # ---------------------------------------------------------------------------------------------------- tables

    def build_table(self, tag: Tag, scope: Scope, parts: Sequence[Part]) -> Block:
        """A table: one column a part. Without rows, the text of empty=."""
        result = self.rows(tag, scope)
        if not parts:
            raise tag.error("the table has no columns - add dimension and measure")
        if not result.rows:
            return Paragraph((Text(self.text(tag, "empty", scope, EMPTY)),))
        columns = tuple(self._column(part) for part in parts)
        rows = tuple(tuple(self._cell(part, row) for part in parts) for row in result.rows)
        totals = [self._total(part) for part in parts]
        total = None
        if any(totals):
            label = Text(self.text(tag, "total_label", scope, "Summa"))
            total = tuple(
                (label,) if index == 0 else ((number,) if number else (Text(""),))
                for index, number in enumerate(totals)
            )
        is_live = tuple(
            number is not None and _sum(row[index] for row in rows) == number.value
            for index, number in enumerate(totals)
        )
        title = self.text(tag, "title", scope)
        return Table(title, columns, rows, total, self.text(tag, "sheet", scope) or title, is_live)

    def _column(self, part: Part) -> Column:
        tag = part.tag
        title = self.text(tag, "title", part.scope) or self.text(tag, "value", part.scope)
        if tag.name != "measure":
            return Column(title)
        viz = self.text(tag, "viz", part.scope)
        if viz not in ("", "bar", "delta"):
            raise tag.error(f"viz is {viz!r}, which is neither bar nor delta")
        return Column(title, self.format(tag, part.scope).suffix, is_number=True, viz=viz if viz == "bar" else "")

    def _cell(self, part: Part, row: Mapping[str, Cell]) -> tuple[Inline, ...]:
        tag, scope = part.tag, part.scope
        value = self.column(tag, self.text(tag, "value", scope), row)
        if tag.name == "measure":
            form = self.format(tag, scope)
            pattern = self.text(tag, "figure", scope)
            number = self.number(tag, value, pattern, row, form, has_suffix=form.kind == "auto")
            return (self.delta(number) if self.text(tag, "viz", scope) == "delta" else number,)
        if tag.name in ("traffic_light", "trend"):
            label = self.column(tag, self.text(tag, "label", scope), row)
            return (self.light(tag, value, label) if tag.name == "traffic_light" else self.trend(tag, value, label),)
        if isinstance(value, Decimal):
            raise tag.error(f"{value} is a number - show it by measure")
        return (self._linked(part, row, Text("" if value is None else self._plain(tag, value, scope), OF_MARTS)),)

    def _linked(self, part: Part, row: Mapping[str, Cell], text: Text) -> Inline:
        tag, scope = part.tag, part.scope
        pattern = self.text(tag, "link", scope)
        condition = self.text(tag, "link_if", scope)
        if not pattern or not text.text or (condition and not self.column(tag, condition, row)):
            return text
        path = "/".join(slug(name) for name in self.key(tag, pattern, row).strip("/").split("/"))
        if not self.has_page(path):
            raise tag.error(f"there is no page /{path}")
        return Link((text,), page=path)

    def _total(self, part: Part) -> Number | None:
        key = self.text(part.tag, "total", part.scope) if part.tag.name == "measure" else ""
        if not key:
            return None
        figure = self.figure(part.tag, key, self.fiscal_year)
        if figure is None:
            return None
        form = self.format(part.tag, part.scope)
        turn = self.flag(part.tag, "turn", part.scope)
        return self.show(part.tag, figure, form, turn=turn, has_suffix=form.kind == "auto")

    # ---------------------------------------------------------------------------------------------------- charts

    def build_chart(self, tag: Tag, scope: Scope, parts: Sequence[Part]) -> Block:
        """A chart and the table of its data. Without rows, a line that says so."""
        result = self.rows(tag, scope)
        if not result.rows:
            return Paragraph((Text(EMPTY),))
        is_lying = tag.name == "horizontal_bar_chart"
        label, measures = (
            self.text(tag, "y" if is_lying else "x", scope),
            self.text(tag, "x" if is_lying else "y", scope),
        )
        title = self.text(tag, "title", scope)
        form = self.format(tag, scope)
        names, labels, table = self._series(tag, scope, result, label, _listed(measures), form)
        numbers = [[row[index] for row in table] for index in range(len(names))]
        form = next((self._fitted(tag, form, number) for column in numbers for number in column if number.value), form)
        total = self.text(tag, "total", scope)
        data = ChartData(
            tag.name,
            tuple(labels),
            tuple(
                Series(name, tuple(number.value for number in column), tuple(number.printed for number in column))
                for name, column in zip(names, numbers, strict=True)
            ),
            form.suffix,
            form.scale,
            form.decimals,
            tuple(bool(self.column(tag, total, row)) for row in result.rows) if total else (),
            tuple(self._reference(part) for part in parts),
        )
        columns = (
            Column(self.text(tag, "label_title", scope) or label),
            *(Column(name, form.suffix, is_number=True) for name in names),
        )
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for text, row in zip(labels, table, strict=True):
            rows.append(((Text(text, OF_MARTS),), *((number,) for number in row)))
        return Chart(
            self._name(title),
            title,
            self.text(tag, "description", scope),
            specification(data, self.theme),
            Table(title, columns, tuple(rows), None, title, tuple(False for _ in columns)),
        )

    def _fitted(self, tag: Tag, form: Format, number: Number) -> Format:
        try:
            return fit(form, number.unit, number.value)
        except FormatError as error:
            raise tag.error(str(error)) from error

    def _series(
        self, tag: Tag, scope: Scope, result: Result, label: str, measures: list[str], form: Format
    ) -> tuple[list[str], list[str], list[tuple[Number, ...]]]:
        """The names of the series, the labels, and for each label a number a series."""
        patterns = _listed(self.text(tag, "figure", scope)) or [""] * len(measures)
        if len(patterns) != len(measures):
            raise tag.error(f"{len(measures)} columns and {len(patterns)} figures - name one for each")

        def number(row: Mapping[str, Cell], index: int) -> Number:
            value = self.column(tag, measures[index], row)
            return self.number(tag, value, patterns[index], row, form, has_suffix=False)

        series = self.text(tag, "series", scope)
        if not series:
            names = _listed(self.text(tag, "names", scope)) or measures
            if len(names) != len(measures):
                raise tag.error(f"{len(measures)} columns and {len(names)} names - give one for each")
            labels = [shown(self.column(tag, label, row)) for row in result.rows]
            return names, labels, [tuple(number(row, index) for index in range(len(measures))) for row in result.rows]
        found: dict[str, dict[str, Number]] = {}
        names = list(dict.fromkeys(shown(self.column(tag, series, row)) for row in result.rows))
        for row in result.rows:
            found.setdefault(shown(self.column(tag, label, row)), {})[shown(row[series])] = number(row, 0)
        table = [tuple(numbers.get(name, Number(NOTHING)) for name in names) for numbers in found.values()]
        return names, list(found), table

    def _reference(self, part: Part) -> tuple[Decimal, str]:
        tag = part.tag
        label = self.text(tag, "label", part.scope)
        key = self.text(tag, "figure", part.scope)
        if key:
            return self.needed(tag, key, self.fiscal_year).value, label
        if tag.attributes.get("y") != 0:
            raise tag.error("a line stands at y=0 or at a figure")
        return Decimal(0), label

    def _name(self, title: str) -> str:
        """A name for files and ids, without digits, so that no one takes it for a figure."""
        stem = re.sub("[0-9]+", "", slug(title)).strip("-") or "diagram"
        name, number = stem, 0
        while name in self.names:
            number += 1
            name = f"{stem}-{_letters(number)}"
        self.names.add(name)
        return name


def shown(value: object) -> str:
    """A value of the marts as text: dates in words, yes and no, nothing for null."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case date():
            return show_date(value)
        case _:
            return str(value)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _sum(cells: Iterable[tuple[Inline, ...]]) -> Decimal:
    total = Decimal(0)
    for cell in cells:
        inline = cell[0]
        number = inline.number if isinstance(inline, Delta) else inline
        if isinstance(number, Number) and number.value is not None:
            total += number.value
    return total
