"""The ids of dead letters, `<topic>/<partition>/<offset>` with the topic's short name: `responses/0/17`."""

from infra.event_log import short_name, topic_named
from pipeline.errors import UnknownDeadLetter


def letter_id(topic: str, partition: int, offset: int) -> str:
    return f"{short_name(topic)}/{partition}/{offset}"


def letter_place(letter: str) -> tuple[str, int, int]:
    """Topic, partition and offset of a dead letter; raises UnknownDeadLetter when it is no such id."""
    name, _, rest = letter.partition("/")
    partition, _, offset = rest.partition("/")
    topic = topic_named(name)
    if topic is None or not (partition.isdecimal() and offset.isdecimal()):
        raise UnknownDeadLetter(letter)
    return topic, int(partition), int(offset)
