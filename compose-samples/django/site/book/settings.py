"""The settings of the guest book."""

import os
import pathlib

SECRET_KEY = "change-me"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "book.site"
INSTALLED_APPS = ["book"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["DATABASE_HOST"],
        "NAME": "postgres",
        "USER": "postgres",
        "PASSWORD": pathlib.Path("/run/secrets/password").read_text().strip(),
    }
}
