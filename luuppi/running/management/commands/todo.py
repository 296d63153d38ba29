from django.core.management.base import BaseCommand

from luuppi.running import todo
from luuppi.running.children import limit_memory
from luuppi.running.models import Todo
from luuppi.running.parent import follow_parent


class Command(BaseCommand):
    help = "Do one claimed to-do in this process: how the worker runs heavy work in a child."

    def add_arguments(self, parser):
        parser.add_argument("id", type=int)

    def handle(self, *, id, **options):
        follow_parent()
        limit_memory()
        for one in Todo.objects.filter(pk=id):
            todo.do(todo.WORKS[one.kind], [one])
