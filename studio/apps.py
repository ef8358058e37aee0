from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "a studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studio import checks  # noqa: F401
        from studio.notices import outbox  # noqa: F401
