"""The house look: fonts, colours and signs, read from reports/theme/theme.yml. Layout is each writer's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Sign:
    """How a traffic light is shown: its colour (#rrggbb) and its sign, one character."""

    colour: str
    sign: str


@dataclass(frozen=True)
class Theme:
    """fonts: families, the first that is there is used. colours: by role. series: colours of a chart, in order.

    lights: by colour name (green, yellow, red, grey). trends: the arrow of each direction. folder: where templates and
    style sheets of the writers lie.
    """

    fonts: tuple[str, ...]
    colours: Mapping[str, str]
    series: tuple[str, ...]
    lights: Mapping[str, Sign]
    trends: Mapping[str, str]
    folder: Path

    @classmethod
    def read(cls, folder: Path) -> Theme:
        """Read theme.yml of the folder. Raises OSError, and KeyError for a part that is missing."""
        parts = yaml.safe_load((folder / "theme.yml").read_text(encoding="utf-8"))
        return cls(
            fonts=tuple(parts["fonts"]),
            colours=dict(parts["colours"]),
            series=tuple(parts["series"]),
            lights={name: Sign(light["colour"], light["sign"]) for name, light in parts["lights"].items()},
            trends=dict(parts["trends"]),
            folder=folder,
        )
