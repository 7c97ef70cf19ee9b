"""A real Apache Kafka broker on this machine, for developers and tests; no container engine needed."""
