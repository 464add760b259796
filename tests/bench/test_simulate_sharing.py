"""A day of three desktops in a second, so that the simulation does not rot."""

import pytest

from tests.bench.simulate_sharing import Simulation, main


def test_a_day_has_no_dead_read_and_a_call_per_life() -> None:
    figures = Simulation(3, 1, seed=5).run()
    assert figures.dead_reads == 0
    assert figures.reads > 300
    assert 12 <= figures.token_calls <= 20
    assert figures.changes >= figures.token_calls - 3


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--desktops", "1", "--days", "1"])
    assert "| desktops · simulated days | 1 · 1 |" in capsys.readouterr().out
