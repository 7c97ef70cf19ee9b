"""Settings: where they come from, and that every wrong one is named before anything starts."""

import os
from pathlib import Path

import pytest

from infra.errors import SettingsError
from infra.settings import Settings, load_settings, sqlite_path, without_password


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's environment nor a file in the working folder decides."""
    for key in [key for key in os.environ if key.upper().startswith("LAGESBILD_")]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def faults(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_everything_has_a_default_under_the_data_folder() -> None:
    settings = load_settings()
    assert settings.data_dir == Path("data")
    assert settings.log_url == "sqlite:///data/log.sqlite"
    assert settings.database_url == "sqlite:///data/operational.sqlite"
    assert settings.language == "sv"


def test_the_argument_wins_over_the_environment_and_the_environment_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lagesbild.toml").write_text('data_dir = "file"\nlanguage = "en"\nkafka_partitions = 3\n')
    monkeypatch.setenv("LAGESBILD_DATA_DIR", "environment")
    monkeypatch.setenv("LAGESBILD_KAFKA_PARTITIONS", "12")
    settings = load_settings(Path("argument"))
    assert (str(settings.data_dir), settings.language, settings.kafka_partitions) == ("argument", "en", 12)
    assert load_settings().data_dir == Path("environment")
    assert sqlite_path(settings.log_url) == Path("argument/log.sqlite")


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('log_url = "kafka://a:9092,b:9092"\n')
    monkeypatch.setenv("LAGESBILD_CONFIG", str(tmp_path / "other.toml"))
    assert load_settings().log_url == "kafka://a:9092,b:9092"


def test_an_absolute_data_folder_gives_absolute_urls(tmp_path: Path) -> None:
    assert sqlite_path(load_settings(tmp_path).log_url) == tmp_path / "log.sqlite"


def test_an_empty_variable_is_as_if_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGESBILD_MAIL_URL", "")
    assert load_settings().mail_url is None


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("LAGESBILD_LANGUAGE", "de", "LAGESBILD_LANGUAGE=de"),
        ("LAGESBILD_LOG_URL", "redis://x", "sqlite:///path or kafka://host:port"),
        ("LAGESBILD_LOG_URL", "kafka://user:pw@host:9092", "sqlite:///path or kafka://host:port"),
        ("LAGESBILD_LOG_URL", "kafka://host", "sqlite:///path or kafka://host:port"),
        ("LAGESBILD_DATABASE_URL", "mysql://h/d", "LAGESBILD_DATABASE_URL=mysql://h/d"),
        ("LAGESBILD_MAIL_URL", "mail.example.org", "LAGESBILD_MAIL_URL=mail.example.org"),
        ("LAGESBILD_KAFKA_PARTITIONS", "0", "LAGESBILD_KAFKA_PARTITIONS=0"),
        ("LAGESBILD_KAFKA_SECURITY_PROTOCOL", "TLS", "LAGESBILD_KAFKA_SECURITY_PROTOCOL=TLS"),
        ("LAGESBILD_KAFKA_SSL_CAFILE", "no/such.pem", "LAGESBILD_KAFKA_SSL_CAFILE=no/such.pem"),
        ("LAGESBILD_OIDC_ISSUER", "http://example.org", "LAGESBILD_OIDC_ISSUER=http://example.org"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, expected: str
) -> None:
    message = faults(monkeypatch, **{key: value})
    assert message.startswith("I001 settings: ")
    assert expected in message


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    message = faults(monkeypatch, LAGESBILD_LANGUAGE="de", LAGESBILD_KAFKA_PARTITIONS="many")
    assert "LAGESBILD_LANGUAGE=de" in message
    assert "LAGESBILD_KAFKA_PARTITIONS=many" in message


def test_a_wrong_value_in_the_file_is_named_with_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lagesbild.toml").write_text('language = "de"\n')
    assert "lagesbild.toml: language = de" in faults(monkeypatch)


def test_a_wrong_argument_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--data-dir"):
        load_settings(3)  # type: ignore[arg-type]  # what a careless caller might pass


def test_an_unknown_key_names_the_nearest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lagesbild.toml").write_text('langauge = "en"\n')
    message = faults(monkeypatch, LAGESBILD_LOGURL="kafka://a:1")
    assert "LAGESBILD_LOGURL is not a setting; the nearest is LAGESBILD_LOG_URL" in message
    assert "lagesbild.toml: langauge is not a setting; the nearest is language" in message


def test_a_missing_or_unreadable_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "LAGESBILD_CONFIG=none.toml: no such file" in faults(monkeypatch, LAGESBILD_CONFIG="none.toml")
    (tmp_path / "broken.toml").write_text("language =\n")
    assert "broken.toml: not readable as TOML" in faults(monkeypatch, LAGESBILD_CONFIG="broken.toml")


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({"LAGESBILD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "LAGESBILD_KAFKA_SASL_MECHANISM"),
        ({"LAGESBILD_OIDC_CLIENT_ID": "x"}, "LAGESBILD_OIDC_ISSUER, LAGESBILD_OIDC_CLIENT_SECRET missing"),
    ],
)
def test_settings_that_belong_together_are_asked_for_together(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], missing: str
) -> None:
    assert missing in faults(monkeypatch, **environment)


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", "postgresql://app:hemligt@db/lagesbild")
    monkeypatch.setenv("LAGESBILD_MAIL_URL", "smtps://app:hemligt@mail.example.org:465")
    monkeypatch.setenv("LAGESBILD_KAFKA_SASL_PASSWORD", "hemligt")
    settings = load_settings()
    assert settings.database_url.endswith("hemligt@db/lagesbild")
    assert "hemligt" not in repr(settings)
    assert "hemligt" not in str(settings)
    message = faults(monkeypatch, LAGESBILD_DATABASE_URL="oracle://app:hemligt@db/x", LAGESBILD_OIDC_CLIENT_ID="x")
    assert "oracle://app:***@db/x" in message
    assert "hemligt" not in message


def test_a_url_without_a_password_is_shown_whole() -> None:
    assert without_password("postgresql://db/lagesbild") == "postgresql://db/lagesbild"
    assert without_password("smtp://a:b@c:25") == "smtp://a:***@c:25"


def test_settings_do_not_change() -> None:
    with pytest.raises(Exception, match="frozen"):
        Settings().language = "en"  # type: ignore[misc]  # that is what is tried


def test_log_and_database_are_never_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    same = f"sqlite:///{tmp_path}/log.sqlite"
    assert "name the same file" in faults(monkeypatch, LAGESBILD_DATA_DIR=str(tmp_path), LAGESBILD_DATABASE_URL=same)
