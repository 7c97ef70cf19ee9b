"""What can be wrong with a hand-written suite: none of it may pass for a suite that holds (P050 and on)."""

from collections.abc import Sequence

from infra.errors import TerminalError
from pipeline.errors import AuditFault


class SuiteFaults(AuditFault):
    """A hand-written suite cannot be read as meant."""

    code = "P050"

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        what = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}: {'; '.join(faults)}."
        super().__init__(file, what, "Correct them; docs/suites.md says what an expectation may say.")
        self.faults = tuple(faults)


class SuiteDoesNotFit(AuditFault):
    """A hand-written suite names an item, an indicator or an option that the year does not ask."""

    code = "P051"

    def __init__(self, survey: str, year: int, unknown: Sequence[str]) -> None:
        now = "Correct the name, or say with since and until which years it is asked of."
        super().__init__(f"{survey}/{year}", f"expectations do not fit what is asked: {'; '.join(unknown)}.", now)
        self.unknown = tuple(unknown)


class SuiteIsEmpty(AuditFault):
    """A file of hand-written expectations that has none would pass whatever is answered."""

    code = "P052"

    def __init__(self, file: str) -> None:
        super().__init__(file, "the suite has no expectations.", "Write some, or remove the file.")


class NoSuchSuite(TerminalError):
    """There is no hand-written suite in that file."""

    code = "P053"

    def __init__(self, file: str) -> None:
        super().__init__(file, "there is no such suite.", "List them with `lagesbild suites list`.")


class PublishedWithout(TerminalError):
    """The publication in force was made before there was such a table."""

    code = "P054"

    def __init__(self, publish_id: str, table: str) -> None:
        now = "Run `lagesbild pipeline run --once` to publish anew."
        super().__init__(f"publication {publish_id}", f"it has no {table}.", now)
        self.table = table
