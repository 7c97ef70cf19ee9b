"""The rules a definition must keep that no single part of it can tell."""

from surveys.check_rules import judge_checks
from surveys.condition_rules import judge_routing
from surveys.draft import Draft
from surveys.indicator_rules import judge_indicators
from surveys.item_rules import judge_items
from surveys.lineage_rules import judge_lineage


def judge(draft: Draft) -> None:
    """Report everything in the draft that would be wrong when answers come."""
    judge_items(draft)
    judge_routing(draft)
    judge_checks(draft)
    judge_indicators(draft)
    judge_lineage(draft)
