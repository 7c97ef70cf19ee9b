"""`python -m infra.kafka [--nodes 1|3] [--data-dir D] [--port P]`: a broker in the foreground until Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path

from infra.errors import Error
from infra.kafka.broker import Broker


def main(arguments: list[str] | None = None) -> int:
    """Runs the broker; 0 after Ctrl-C or SIGTERM, 1 with the error on standard error."""
    given = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Broker(given.nodes, given.data_dir, given.port) as broker:
            sys.stdout.write(f"LAGESBILD_LOG_URL={broker.url}\n")
            sys.stdout.flush()
            _run(broker)
    except KeyboardInterrupt:
        return 0
    except Error as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.kafka",
        description="Starts a real Apache Kafka on 127.0.0.1, prints its LAGESBILD_LOG_URL and runs until Ctrl-C.",
        epilog="Example: python -m infra.kafka --nodes 3 --data-dir data/kafka",
    )
    parser.add_argument("--nodes", type=int, choices=(1, 3), default=1, help="1, or 3 to try losing one")
    parser.add_argument("--data-dir", type=Path, help="keeps its data here; otherwise it goes when it ends")
    parser.add_argument("--port", type=int, help="port of the first node; otherwise a free one")
    return parser


def _run(broker: Broker) -> None:
    while True:
        broker.check()
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
