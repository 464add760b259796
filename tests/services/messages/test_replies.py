"""Texts for what a reply says beside its errcode."""

from tests.fakes import *  # noqa: F403
