"""The rules a definition must keep that no single part of it can tell."""

from surveys.draft import Draft


def judge(draft: Draft) -> None:
    """Report everything in the draft that would be wrong when answers come."""
