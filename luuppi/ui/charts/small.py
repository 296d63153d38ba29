"""The smallest drawings: sparkline, interval band, share bar. Decoration beside written figures, so silent to screen readers."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from ..figures import Written


def sparkline(values: Sequence[float]) -> SafeString:
    """84 × 30, the last point in cloudberry. Fewer than two values draw nothing."""
    known = [float(v) for v in values if v is not None]
    if len(known) < 2:
        return SafeString("")
    low, span = min(known), (max(known) - min(known)) or 1
    step = 78 / (len(known) - 1)
    points = [(round(2 + i * step, 1), round(25 - (v - low) / span * 20, 1)) for i, v in enumerate(known)]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    x, y = points[-1]
    return SafeString(
        f'<svg class="spark" viewBox="0 0 84 30" aria-hidden="true"><path class="area" d="{path}L{x} 30L2 30Z"/>'
        f'<path d="{path}"/><circle cx="{x}" cy="{y}" r="2.75"/></svg>'
    )


def band(figure: Written, goal: float | None = None) -> SafeString:
    """The interval on its whole scale with the point; only the track where the figure is not shown. `goal` is a place 0–100."""
    inner = '<path class="track" d="M0 5H200"/>'
    if figure.x is not None:
        inner += f'<path class="iv" d="M{figure.x_low * 2:g} 5H{figure.x_high * 2:g}"/>'
        inner += f'<path class="goal" d="M{goal * 2:g} 0V10"/>' if goal is not None else ""
        inner += f'<rect class="pt" x="{figure.x * 2 - 1.5:g}" y="0" width="3" height="10"/>'
    return SafeString(f'<svg class="band" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">{inner}</svg>')


def bar(share: float | None, hot: bool = False, longest: float | None = None) -> SafeString:
    """A share 0–1 of the width; clipped to it. None draws the empty bar.

    longest: the largest of several shares that are compared, which then fills the width. Such a bar has no track: its end would be read as
    the whole. None or 0: drawn against the whole.
    """
    width = min(100.0, max(0.0, (share or 0) / (longest or 1) * 100))
    css = "fg hot" if hot else "fg"
    track = "" if longest else '<rect class="bg" width="100%" height="100%" rx="3"/>'
    return SafeString(f'<svg class="bar" aria-hidden="true">{track}<rect class="{css}" width="{width:.4g}%" height="100%" rx="3"/></svg>')
