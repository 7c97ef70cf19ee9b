"""Appends events one by one in a process of its own, and prints each value once it is acknowledged.

python -m tests.infra.writer LOG_URL TOPIC KEY COUNT
"""

import sys

from infra.event_log import open_log
from infra.settings import Settings


def main(url: str, topic: str, key: str, count: str) -> None:
    log = open_log(Settings(log_url=url))
    for number in range(int(count)):
        value = f"{key}-{number}"
        log.append(topic, [(key, value.encode())])
        sys.stdout.write(value + "\n")
        sys.stdout.flush()
    log.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
