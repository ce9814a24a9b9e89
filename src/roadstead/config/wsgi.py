"""Django as a WSGI callable; `asgi` puts it behind the native streams."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadstead.config.settings")
application = get_wsgi_application()
