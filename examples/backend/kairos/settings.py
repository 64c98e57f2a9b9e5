"""The settings of the application, read from the environment when this module is imported."""

from datetime import timedelta
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The variables of the real backend, with its defaults."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    API_V1_STR: str = "/api/v1"
    PROJECT_NAME: str = "App"
    ENVIRONMENT: Literal["local", "staging", "production"] = "local"
    CORS_ORIGINS: list[str] = ["*"]
    SECRET_KEY: str = ""
    ACCESS_TOKEN_EXPIRE_MINUTES: int = 60
    REFRESH_TOKEN_EXPIRE_MINUTES: int = 60 * 24 * 8
    MAIL_PORT: int = 587

    def lifetime(self, scope: str) -> timedelta:
        minutes = (
            self.REFRESH_TOKEN_EXPIRE_MINUTES if scope == "refresh" else self.ACCESS_TOKEN_EXPIRE_MINUTES
        )
        return timedelta(minutes=minutes)


settings = Settings()
