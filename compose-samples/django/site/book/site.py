"""The pages of the guest book."""

import json
import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "book.settings")
application = get_wsgi_application()


@csrf_exempt
def entries(request):
    from book.models import Entry

    if request.method == "POST":
        Entry.objects.create(name=json.loads(request.body)["name"])
        return HttpResponse(status=201)
    return JsonResponse(list(Entry.objects.values_list("name", flat=True)), safe=False)


urlpatterns = [path("", entries)]
