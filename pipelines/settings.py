"""Settings: what `wardcast.toml`, the environment (`WARDCAST_...`) and flags say; a later one beats an earlier.

Walks in: those three. Walks out: one checked `Settings`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipelines.secrets import of_server, refuse_open_file, refuse_other_database, refuse_other_store
from pipelines.surroundings import settle
from sources.catalogue.catalogue import read_toml
from sources.files.errors import InputError

SETTINGS_FILE = Path("wardcast.toml")
OF_A_MODULE = ":"  # in the name of a model of the user's own
PREFIX = "WARDCAST_"  # of variables of the environment
LOOPBACK = "127.0.0.1"  # this machine alone, to which every server of ours listens
FOLDERS = ("data", "releases", "plans", "cache", "mlruns")
AGE_GROUPS = {
    "under 10": (0, 9),
    "10-17": (10, 17),
    "18-24": (18, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65 and over": (65, 90),
}


class Settings(BaseSettings):
    """Every setting, its meaning and its limits."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    data: Path = Field(Path("data"), description="Folder of the force's input files")
    releases: Path = Field(Path("releases"), description="Folder that holds the releases")
    plans: Path = Field(Path("plans"), description="Folder of plans: their folders to fill, and their results")
    cache: Path = Field(Path("cache"), description="Folder for intermediate tables; may be deleted at any time")
    mlruns: Path = Field(Path("mlruns"), description="Folder of the tracking database and its artifacts")
    tracking_uri: SecretStr = Field(
        SecretStr(""), description="MLflow server to use in place of the database in `mlruns`; may hold a password"
    )
    database_address: SecretStr = Field(
        SecretStr(""), description="PostgreSQL database to load each release into; may hold a password"
    )
    model: str = Field("boosted", description="Name of the model that forecasts, or package.module:Class of one's own")
    recipes: dict[str, dict[str, Any]] = Field(
        {},
        description="Parameters of recipes in place of their defaults, by recipe, such as the trees of boosted; "
        "`wardcast recipes` lists them",
    )
    horizon: int = Field(48, ge=1, le=60, description="Months to forecast")
    draws: int = Field(400, ge=40, le=4000, description="Draws of possible futures")
    seed: int = Field(1, ge=0, description="Seed of the draws")
    judged_origins: int = Field(1, ge=1, le=10, description="Past years on which a trained model is judged")
    record_origins: int = Field(
        3, ge=0, le=10, description="Earlier years whose forecasts, up to four years ahead, the record counts too"
    )
    age_groups: dict[str, tuple[int, int]] = Field(
        AGE_GROUPS,
        description="Published age groups, youngest first: first and last age of each; 90 is 90 and over",
    )
    stops_as_evidence: bool = Field(
        False, description="Whether ages of stops that ended in arrest count as evidence of suspects' ages"
    )
    audience: Literal["open", "internal"] = Field("open", description="Whom releases are for: open or internal")
    contact: str = Field("", description="Whom readers of a release can ask, as a name and an address; on every page")
    disclosure_rules: Path | None = Field(
        None, description="File of disclosure rules to use in place of publication/disclosure/disclosure.toml"
    )
    daily_check_at: str = Field("0 6 * * *", description="When the daily check runs (cron, the server's time zone)")
    monthly_refresh_at: str = Field("0 7 20 * *", description="When the monthly refresh runs, if no check has (cron)")
    quarterly_retraining_at: str = Field("0 1 25 1,4,7,10 *", description="When all recipes are judged anew (cron)")
    prefect_port: int = Field(4200, ge=1024, le=65535, description="Port of the Prefect server if none is configured")
    retry_delay: float = Field(60, ge=0, le=3600, description="Seconds until a failed step is tried once more")
    engine: Literal["local", "dask"] = Field(
        "local", description="Who does the heavy parts: threads of this process, or Dask workers"
    )
    scheduler: str = Field(
        "", description="Address of a Dask scheduler, as tcp://HOST:8786; empty for a cluster on this machine"
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        le=64,
        description="Threads, or Dask workers on this machine, side by side; if not set, one a core, 8 at most",
    )

    @field_validator("tracking_uri")
    @classmethod
    def _names_a_store(cls, address: SecretStr) -> SecretStr:
        refuse_other_store(address.get_secret_value())
        return address

    @field_validator("database_address")
    @classmethod
    def _names_a_database(cls, address: SecretStr) -> SecretStr:
        refuse_other_database(address.get_secret_value())
        return address

    @property
    def tracking_address(self) -> str:
        """The MLflow address in use: the server set, without its password, or the database in `mlruns`."""
        return of_server(self.tracking_uri.get_secret_value())[0] or f"sqlite:///{self.mlruns}/mlflow.db"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags beat the environment, which beats the settings file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, SETTINGS_FILE)


def load_settings(**flags: Any) -> Settings:
    """Return the settings; flags that are None are taken as not given.

    Raises
    ------
    InputError
        Naming the first setting that is unknown or outside its limits, and what is allowed; or the settings file, when
        it is no TOML file, or holds a password and others can read it.
    """
    if SETTINGS_FILE.exists() or SETTINGS_FILE.is_symlink():
        read_toml(SETTINGS_FILE)  # refuses, in words, a file that is none
    secret = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    try:
        settings = Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        setting = str(first["loc"][0])  # of a table of settings, the table
        raise InputError(
            f"A setting is wrong: {first['msg']}",
            column=name,
            value=None if name in secret else first["input"],
            remedy=f"{_allowed_here(setting)} Correct it in {SETTINGS_FILE}, the environment "
            f"({PREFIX}{setting.upper()}) or the flag.",
        ) from (None if name in secret else error)
    _refuse_unknown_variables()
    if SETTINGS_FILE.is_file():
        written = TomlConfigSettingsSource(Settings, SETTINGS_FILE)()
        refuse_open_file(SETTINGS_FILE, (str(written.get(name, "")) for name in secret))
    return settings.model_copy(update={name: getattr(settings, name).resolve() for name in FOLDERS})


def allowed(name: str) -> str:
    """Return what a setting allows, in words; empty where any text will do."""
    field = Settings.model_fields[name]
    limits = {type(limit).__name__: limit for limit in field.metadata}
    if {"Ge", "Le"} <= limits.keys():
        return f"{limits['Ge'].ge} to {limits['Le'].le}"
    if "Ge" in limits:
        return f"{limits['Ge'].ge} or more"
    if field.annotation is bool:
        return "true or false"
    return " or ".join(map(str, get_args(field.annotation))) if get_origin(field.annotation) is Literal else ""


def _allowed_here(name: str) -> str:
    """Return what the setting of that name allows, or which settings there are."""
    if name not in Settings.model_fields:
        near = get_close_matches(name, Settings.model_fields, n=1)
        meant = f"Perhaps {near[0]} is meant. " if near else ""
        return f"{meant}Settings are: {', '.join(Settings.model_fields)}."
    return f"Allowed: {words}." if (words := allowed(name)) else f"It means: {Settings.model_fields[name].description}."


def _refuse_unknown_variables() -> None:
    """Refuse variables of the environment that look like settings and are none: a slip of the pen changes nothing."""
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name not in Settings.model_fields:
            raise InputError(
                "The environment names a setting that there is not", column=variable, remedy=_allowed_here(name)
            )


def origin_of_settings(given: Mapping[str, Any]) -> dict[str, str]:
    """Return where the value of each setting came from, in words; `given` are the flags that were set."""
    said = (
        ("flag", given),
        ("environment", EnvSettingsSource(Settings)()),
        (str(SETTINGS_FILE), TomlConfigSettingsSource(Settings, SETTINGS_FILE)()),
    )
    return {
        name: next((place for place, values in said if values.get(name) is not None), "default")
        for name in Settings.model_fields
    }


def releases_of(settings: Settings) -> Path:
    """Return the folder of releases for the audience: what is internal never lies beside what is open."""
    return settings.releases if settings.audience == "open" else settings.releases / settings.audience


def prepare_environment(settings: Settings) -> None:
    """Set what Prefect and MLflow read from the environment, unless the user has; call before importing them."""
    settle(settings.cache)
    here = str(Path.cwd())
    if OF_A_MODULE in settings.model and here not in sys.path:
        sys.path.append(here)  # last, so that nothing of the user's stands in for a library
    defaults = {
        # Slow machines need longer than Prefect's 20 seconds to start the embedded server.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # A server that is restarted is waited for: about four minutes, as MLflow's is.
        "PREFECT_CLIENT_MAX_RETRIES": "7",
        # Prefect takes it when the steps are defined.
        "PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS": str(settings.retry_delay),
        # The command line reports failures itself, in words for the person who meets them.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        **of_server(settings.tracking_uri.get_secret_value())[1],
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    os.environ["MLFLOW_TRACKING_URI"] = settings.tracking_address  # the setting counts, not another tool's variable
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"  # whatever the user has set
