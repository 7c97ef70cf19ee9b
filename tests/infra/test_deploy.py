"""The deployment files, as far as they can be held against the code without a container engine."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from infra.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "infra" / "deploy"


def services() -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return dict(content["services"])


def test_only_settings_that_exist_are_set() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())
    used = set(re.findall(rf"\b({PREFIX}[A-Z_]+)(?:=|:)", text))
    assert len(used) >= 3
    assert used <= known


def test_the_values_set_are_accepted() -> None:
    environment = services()["pipeline"]["environment"]
    values = {key.removeprefix(PREFIX).lower(): re.sub(r"\$\{.*?\}", "x", value) for key, value in environment.items()}
    settings = Settings.model_validate(values)
    assert settings.log_url == "kafka://kafka:9092"
    assert settings.database_url.startswith("postgresql://")


def test_only_the_pipeline_writes_the_data_and_only_the_proxy_faces_the_internet() -> None:
    writers = {name for name, service in services().items() if "data:/data" in service.get("volumes", [])}
    assert writers == {"pipeline"}
    assert {name for name, service in services().items() if "ports" in service} == {"proxy"}


def test_no_secret_stands_in_the_files() -> None:
    for service in services().values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert str(value).startswith("${")


def test_the_image_installs_what_is_pinned_with_hashes() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement constraints.txt" in dockerfile
    assert "--hash=sha256:" in (ROOT / "constraints.txt").read_text(encoding="utf-8")
