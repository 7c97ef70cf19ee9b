"""How far each topic of a unit's own system has been taken in, kept beside the submissions that came of it."""

from sqlalchemy import Engine, insert, select, update

from collectors.submissions import database_faults
from collectors.tables import WRITER_POSITION

COLUMNS = WRITER_POSITION.c


class WriterPositions:
    """The positions in the operational database. Every method raises DatabaseDown when it does not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, topic: str) -> dict[int, int]:
        """The offset of the last event taken in, by partition."""
        wanted = select(COLUMNS.topic_partition, COLUMNS.log_offset).where(COLUMNS.topic == topic)
        with database_faults(), self._engine.connect() as connection:
            return {row.topic_partition: row.log_offset for row in connection.execute(wanted)}

    def move(self, topic: str, partition: int, offset: int) -> None:
        """Says that the event there has been taken in; never goes back."""
        here = (COLUMNS.topic == topic, COLUMNS.topic_partition == partition)
        with database_faults(), self._engine.begin() as connection:
            known = connection.execute(select(COLUMNS.log_offset).where(*here)).scalar_one_or_none()
            if known is None:
                values = {"topic": topic, "topic_partition": partition, "log_offset": offset}
                connection.execute(insert(WRITER_POSITION).values(values))
            elif known < offset:
                connection.execute(update(WRITER_POSITION).where(*here).values(log_offset=offset))
