"""The chart of the results: bars of requests per second."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bench.cases import CASES
from bench.contestants import CONTESTANTS

# the cases that the chart shows
CHARTED = ("page", "two", "single", "deep", "total-two", "facet-actor")
BAR_HEIGHT, CASE_GAP, BAR_LEFT, CHART_WIDTH, LONGEST_BAR = 18, 26, 210, 760, 430
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.case { font-weight: 600 }
.bar { fill: #9aa4ae }
.own { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7781 }
  .own { fill: #4493f8 }
}
"""


def draw_chart(results: Mapping[str, Any]) -> str:
    """Draw a bar for each case and contestant, as long as its ratio to Claimbase, as SVG."""
    cases = {case: results["cases"][case] for case in CHARTED}
    ratios = {
        (case, name): figures["rate"] / contestants["claimbase"]["rate"]
        for case, contestants in cases.items()
        for name, figures in contestants.items()
    }
    scale = LONGEST_BAR / max(ratios.values())
    title = f"Requests per second on {results['settings']['size']:,} claims, as ratios to Claimbase"
    elements, y = [f'<text x="8" y="18">{escape(title)}</text>'], 24
    for case, contestants in cases.items():
        y += CASE_GAP
        elements.append(f'<text class="case" x="8" y="{y - 6}">{escape(CASES[case].title)}</text>')
        for name, figures in contestants.items():
            ratio = ratios[case, name]
            length = max(1, ratio * scale)
            css_class = "own" if name == "claimbase" else "bar"
            middle = y + BAR_HEIGHT / 2 + 3
            elements += [
                f'<text x="{BAR_LEFT - 8}" y="{middle}" text-anchor="end">'
                f"{escape(CONTESTANTS[name].title)}</text>",
                f'<rect class="{css_class}" x="{BAR_LEFT}" y="{y + 2}" width="{length:.1f}"'
                f' height="{BAR_HEIGHT - 5}" rx="2"/>',
                f'<text x="{BAR_LEFT + length + 6:.1f}" y="{middle}">'
                f"{ratio:.2f} ({format_rate(figures)}/s)</text>",
            ]
            y += BAR_HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CHART_WIDTH} {y + 12}" role="img"'
        f' aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n" + "\n".join(elements) + "\n</svg>\n"
    )


def format_rate(figures: Mapping[str, float]) -> str:
    return f"{figures['rate']:,.{0 if figures['rate'] >= 10 else 1}f}"
