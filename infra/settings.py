"""Settings: from the environment (LAGESBILD_*) or a TOML file, each fault named before anything starts."""

import os
import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from infra.errors import SettingsError

PREFIX = "LAGESBILD_"
CONFIG_KEY = "LAGESBILD_CONFIG"
DEFAULT_CONFIG = Path("lagesbild.toml")
SECRETS = frozenset({"kafka_sasl_password", "oidc_client_secret"})
# Other URLs may carry a password before the @.
URLS = frozenset({"log_url", "database_url", "mail_url", "oidc_issuer"})


def _url(pattern: str, forms: str) -> AfterValidator:
    def check(url: str) -> str:
        if not re.fullmatch(pattern, url):
            raise ValueError(f"expected {forms}")
        return url

    return AfterValidator(check)


LogUrl = Annotated[
    str,
    _url(r"sqlite:///.+|kafka://[^/@\s,]+:\d+(,[^/@\s,]+:\d+)*", "sqlite:///path or kafka://host:port,host:port"),
]
DatabaseUrl = Annotated[
    str,
    _url(r"sqlite:///.+|postgresql(\+psycopg)?://\S+", "sqlite:///path or postgresql://user:password@host/database"),
]
MailUrl = Annotated[
    str,
    _url(r"smtps?://\S+|file:///.+", "smtp://host:port, smtps://user:password@host:port or file:///folder"),
]
IssuerUrl = Annotated[
    str, _url(r"https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?", "https://host, or http:// on this machine")
]


def _folder(path: Path) -> Path:
    try:
        if path.exists() and not path.is_dir():
            raise ValueError("is not a folder")
    except OSError as fault:
        raise ValueError(f"cannot be looked at ({fault.strerror})") from fault
    return path


Folder = Annotated[Path, AfterValidator(_folder)]


def _listed(value: Any) -> Any:
    return [part for part in re.split(r"[,\s]+", value) if part] if isinstance(value, str) else value


UnitCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Settings(BaseSettings):
    """What may differ between installations. Earlier sources win: argument, environment, TOML file, default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    data_dir: Folder = Path("data")
    log_url: LogUrl = Field(default_factory=lambda known: f"sqlite:///{known['data_dir']}/log.sqlite")
    database_url: DatabaseUrl = Field(
        default_factory=lambda known: f"sqlite:///{known['data_dir']}/operational.sqlite", repr=False
    )
    mail_url: MailUrl | None = Field(default=None, repr=False)
    language: Literal["sv", "en"] = "sv"
    log_format: Literal["text", "json"] = "text"
    population_file: FilePath | None = None

    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    publications_kept: int = Field(default=3, ge=1)
    publications_kept_days: int = Field(default=0, ge=0)

    # Units whose own systems write to Kafka: 14,01. Each has a topic of its own (docs/writers.md).
    writers: Annotated[tuple[UnitCode, ...], NoDecode, BeforeValidator(_listed)] = ()

    kafka_partitions: int = Field(default=6, ge=1, le=1000)
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ssl_cafile: FilePath | None = None
    kafka_ssl_certfile: FilePath | None = None
    kafka_ssl_keyfile: FilePath | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None

    oidc_issuer: IssuerUrl | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None

    @model_validator(mode="after")
    def _log_and_database_are_two_files(self) -> Self:
        urls = (self.log_url, self.database_url)
        if all(url.startswith("sqlite:///") for url in urls) and len({sqlite_path(url).absolute() for url in urls}) < 2:
            raise ValueError("LAGESBILD_LOG_URL and LAGESBILD_DATABASE_URL name the same file; give each its own")
        return self

    @model_validator(mode="after")
    def _groups_are_whole(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL"):
            self._require("kafka_sasl_mechanism", "kafka_sasl_username", "kafka_sasl_password")
        if self.kafka_ssl_certfile or self.kafka_ssl_keyfile:
            self._require("kafka_ssl_certfile", "kafka_ssl_keyfile")
        if self.oidc_issuer or self.oidc_client_id or self.oidc_client_secret:
            self._require("oidc_issuer", "oidc_client_id", "oidc_client_secret")
        return self

    def _require(self, *names: str) -> None:
        missing = [PREFIX + name.upper() for name in names if getattr(self, name) is None]
        if missing:
            given = ", ".join(PREFIX + name.upper() for name in names)
            raise ValueError(f"{', '.join(missing)} missing; {given} belong together")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _config_file())


def load_settings(data_dir: Path | None = None) -> Settings:
    """The settings in force, `data_dir` before every other source. Raises SettingsError with every fault."""
    faults = [*_unknown_keys(os.environ), *_config_faults()]
    if faults:
        raise SettingsError(tuple(faults))
    try:
        return Settings() if data_dir is None else Settings(data_dir=data_dir)
    except ValidationError as error:
        raise SettingsError(tuple(_faults_of(error, data_dir))) from None


def sqlite_path(url: str) -> Path:
    """The file that a sqlite:///path URL names."""
    return Path(url.removeprefix("sqlite:///"))


def without_password(url: str) -> str:
    """The URL as it may be shown: a password in it is replaced by stars."""
    password = urlsplit(url).password
    return url if password is None else url.replace(f":{password}@", ":***@", 1)


def _config_file() -> Path:
    return Path(os.environ.get(CONFIG_KEY) or DEFAULT_CONFIG)


def _unknown_keys(keys: Iterable[str]) -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    ours = (key for key in keys if key.upper().startswith(PREFIX) and key.upper() != CONFIG_KEY)
    return [_unknown(key, key.upper(), known) for key in sorted(ours) if key.upper() not in known]


def _unknown(shown: str, key: str, known: list[str]) -> str:
    nearest = get_close_matches(key, known, n=1, cutoff=0.0)[0]
    return f"{shown} is not a setting; the nearest is {nearest}."


def _config_faults() -> list[str]:
    path = _config_file()
    if not path.exists():
        return [f"{CONFIG_KEY}={path}: no such file."] if os.environ.get(CONFIG_KEY) else []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        return [f"{path}: not readable as TOML ({fault})."]
    known = list(Settings.model_fields)
    return [_unknown(f"{path}: {key}", key, known) for key in content if key not in known]


def _faults_of(error: ValidationError, data_dir: Path | None) -> list[str]:
    return [
        _fault(str(fault["loc"][0]) if fault["loc"] else "", fault["msg"], data_dir)
        for fault in error.errors(include_url=False, include_context=False)
        if fault["type"] != "default_factory_not_called"
    ]


def _fault(name: str, message: str, data_dir: Path | None) -> str:
    reason = message.removeprefix("Value error, ")
    return f"{_given(name, data_dir)}: {reason}." if name else f"{reason}."


def _given(name: str, data_dir: Path | None) -> str:
    """The key and its value as the reader wrote them; a secret only by its name."""
    if name == "data_dir" and data_dir is not None:
        return f"--data-dir {data_dir}"
    in_environment = {key.upper(): key for key in os.environ}.get(PREFIX + name.upper())
    if in_environment and os.environ[in_environment]:
        return f"{in_environment}={_shown(name, os.environ[in_environment])}"
    value = tomllib.loads(_config_file().read_text(encoding="utf-8"))[name]
    return f"{_config_file()}: {name} = {_shown(name, value)}"


def _shown(name: str, value: Any) -> str:
    if name in SECRETS:
        return "(not shown)"
    return without_password(value) if name in URLS and isinstance(value, str) else str(value)
