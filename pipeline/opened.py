"""The publication that a command reads: the one in force, or that of a past moment."""

from typing import TYPE_CHECKING

from infra.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def opened(settings: Settings, as_of: str | None) -> "DuckDBPyConnection":
    """A read-only connection to the publication in force, or as of a moment, which is made first if need be.

    The caller closes it. Raises NothingPublished, PublicationUnreadable, NoSuchMoment, LogUnavailable.
    """
    if as_of is None:
        from infra.published import connect_current

        return connect_current(settings.data_dir)[1]
    import duckdb

    from pipeline.as_of import published_as_of
    from surveys.moment import moment

    return duckdb.connect(str(published_as_of(settings, moment(as_of))), read_only=True)
