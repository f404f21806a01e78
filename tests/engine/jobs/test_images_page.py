"""The page about images shows the table the code has."""

from pathlib import Path

from engine.images import DEFAULT_IMAGES, XGBOOST_ALGORITHM

PAGE = Path(__file__).parents[3] / "docs/reference/images.md"


def test_the_page_shows_every_line_of_the_table_in_order() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    expected = []
    for image in DEFAULT_IMAGES:
        start = "script mode, else the built-in algorithm" if image.toolkit == XGBOOST_ALGORITHM else "script mode"
        promises = f" {', '.join(image.requires)} |" if image.requires else " |"
        expected.append(f"| `{image.pattern}` | {image.title} | {start} |{promises}")
    assert lines == expected
