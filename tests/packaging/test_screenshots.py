"""The pictures of the README, and the matrix of all pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import screenshots

ROOT = Path(__file__).parents[2]


def test_the_folder_has_the_pictures_of_the_readme_and_no_others() -> None:
    shown = set(re.findall(r"resources/screenshots/([\w.-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert shown == screenshots.readme_files()
    assert {file.name for file in screenshots.README_FOLDER.iterdir()} == shown


def test_all_pictures_cover_each_language_theme_screen_and_scale() -> None:
    variants = screenshots.all_variants()
    assert len(variants) == len({variant.full_suffix for variant in variants}) == 2 * 2 * 3 * 2
    assert all(variant.account_counts == (0, 1, 8, 60) for variant in variants)


def test_all_pictures_are_not_written_into_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        screenshots.main(["--all", str(ROOT / "pictures")])
    assert "outside of the repository" in capsys.readouterr().err


def test_a_screen_has_the_size_of_the_variant_in_physical_pixels(tmp_path: Path) -> None:
    file = screenshots.write_screen(tmp_path, screenshots.Variant("en", "light", (800, 600), 2))
    (screen,) = json.loads(file.read_text("utf-8"))["screens"]
    assert (screen["width"], screen["height"]) == (1600, 1200)
